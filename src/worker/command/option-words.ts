/** True for `-x`, `--lr`, `--lr=1` and `--`; false for `-`, and for negative numbers, which are values. */
export function isOption(word: string): boolean {
  return /^-./s.test(word) && !/^-(?:\.?\d|inf(?:inity)?$|nan$)/i.test(word);
}

/** `lr` for `--lr`, `-lr` and `--lr=0.1`; "" for `--`. */
export function optionName(option: string): string {
  return option.replace(/^-+/, "").replace(/=.*$/s, "");
}

/** The dimension of an option or of a place in a configuration file: `/lr` for `lr` and `/lr`. */
export function dimensionName(name: string): string {
  return `/${name.replace(/^\/+/, "")}`;
}
