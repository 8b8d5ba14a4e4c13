/**
 * The name that `text` was probably meant to be, or `undefined` when none is near: at most a third of its signs, and
 * never more than three, are wrong, missing or too many. The first of equally near names wins. A name that differs by
 * its section alone counts as near too.
 */
export function nearestName<Name extends string>(text: string, names: readonly Name[]): Name | undefined {
  const tolerance = Math.min(3, Math.floor(text.length / 3));
  const ranked = names
    .map((name) => ({ name, distance: editDistance(text, name) }))
    .filter(({ distance }) => distance <= tolerance)
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.name ?? names.find((name) => lastPart(name) === lastPart(text));
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** Insertions, deletions, substitutions and swaps of neighbours that lead from `a` to `b` (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + cost);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
