import path from "node:path";

interface PathOptions {
  /** Relative paths start here. Absolute. */
  readonly currentDirectory: string;
  /** What a leading `~/` stands for. Absolute. */
  readonly homeDirectory: string;
}

/** The absolute path of one that a user wrote where no shell reads it: in a file, in a variable, behind `--option=`. */
export function resolvePath(file: string, { currentDirectory, homeDirectory }: PathOptions): string {
  const fromHome = /^~[/\\]/.test(file) ? path.join(homeDirectory, file.slice(2)) : file;
  return path.resolve(currentDirectory, fromHome);
}
