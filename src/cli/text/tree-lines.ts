import { oneLine } from "./printable.js";

/**
 * Nested mappings as lines `key: value`, each level `width` spaces further in. Texts stand for themselves, lists and
 * other values are written as JSON.
 */
export function treeLines(tree: Readonly<Record<string, unknown>>, width: number): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    if (!isTree(value))
      return [`${key}: ${typeof value === "string" ? oneLine(value) : JSON.stringify(value)}`.trimEnd()];
    return [`${key}:`, ...treeLines(value, width).map((line) => " ".repeat(width) + line)];
  });
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
