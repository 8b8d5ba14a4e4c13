/** How many columns of a terminal a text without control characters takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
}

/** The beginning of a line, so that it takes less than `width` columns; "…" stands for what was left out. */
export function cutToColumns(line: string, width: number): string {
  if (columnsOf(line) < width) return line;
  let cut = "";
  let columns = 0;
  for (const character of line) {
    columns += columnsOfCharacter(character);
    if (columns > width - 2) break;
    cut += character;
  }
  return width < 2 ? "" : `${cut}…`;
}

function columnsOfCharacter(character: string): number {
  if (character < "\u0300") return 1;
  if (/^[\p{Mark}\u200b-\u200f]$/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Scripts of East Asia and pictures, see Unicode's EastAsianWidth.txt. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;
