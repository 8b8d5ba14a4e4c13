import path from "node:path";

/** Where a user's files belong, after the XDG Base Directory Specification. Absolute; they need not exist. */
export interface UserDirectories {
  /** Below it lies `orion_config.yaml`. */
  readonly config: string;
  /** Below it lies the default database. */
  readonly data: string;
  /** Below it lie the directories of running trials. */
  readonly cache: string;
  /** Directories of the machine's configuration, the most important first, without the program's name. */
  readonly siteConfig: readonly string[];
}

/** The world as this folder needs it. */
export interface UserWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly homeDirectory: string;
}

/** @see https://specifications.freedesktop.org/basedir-spec/latest/ */
export function userDirectories({ env, homeDirectory }: UserWorld): UserDirectories {
  const base = (variable: string, fallback: string) => {
    const value = env[variable];
    // Relative paths are to be ignored, says the specification.
    return value !== undefined && path.isAbsolute(value) ? value : path.join(homeDirectory, fallback);
  };
  const site = (env.XDG_CONFIG_DIRS ?? "").split(path.delimiter).filter((entry) => path.isAbsolute(entry));
  return {
    config: path.join(base("XDG_CONFIG_HOME", ".config"), "orion"),
    data: path.join(base("XDG_DATA_HOME", ".local/share"), "orion"),
    cache: path.join(base("XDG_CACHE_HOME", ".cache"), "orion"),
    siteConfig: site.length > 0 ? site : ["/etc/xdg"],
  };
}
