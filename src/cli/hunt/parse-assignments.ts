/**
 * `seed=7,names=["a","b"]`: values are read as JSON where they are JSON, else as text. Commas inside brackets or braces
 * belong to the value.
 *
 * @param refuse - Gets a part that has no `=`.
 */
export function parseAssignments(text: string, refuse: (part: string) => never): Readonly<Record<string, unknown>> {
  const entries = splitTopLevel(text).map((part): [string, unknown] => {
    const equals = part.indexOf("=");
    if (equals <= 0) return refuse(part);
    return [part.slice(0, equals).trim(), readValue(part.slice(equals + 1).trim())];
  });
  return Object.fromEntries(entries);
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const character of text) {
    if ("[{(".includes(character)) depth++;
    if ("]})".includes(character)) depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part.trim() !== "");
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { True: true, False: false, None: null }[text] ?? text;
  }
}
