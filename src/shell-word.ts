/** A word as one would type it in a shell: in quotes where it needs them. */
export function shellWord(text: string): string {
  if (/^[\w.,:=@%+/-]+$/.test(text)) return text;
  // A line break is kept readable by $'…', which bash, zsh and ksh know.
  if (/[\x00-\x1f\x7f]/.test(text)) return `$'${text.replaceAll(/[\\'\x00-\x1f\x7f]/g, escapeCharacter)}'`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** As `$'…'` of a shell writes it. */
export function escapeCharacter(character: string): string {
  if (character === "\\" || character === "'") return `\\${character}`;
  if (character === "\n") return "\\n";
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
