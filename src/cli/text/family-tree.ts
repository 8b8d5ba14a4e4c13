import { type Family, titleOf } from "../families.js";

/**
 * A family as a tree from left to right, one line per experiment: half of the children above their parent, half below.
 *
 *             ┌beta-v1
 *      root-v1┤
 *             └alpha-v1┐
 *                      └alpha-v2
 */
export function showFamily(family: Family): string {
  return `${draw(family, { indent: "", place: "root" }).join("\n")}\n`;
}

/** Where an experiment stands among its siblings: the outermost ones, above and below, bend the line. */
type Place = "root" | "top" | "middle" | "bottom";

const beginnings: Readonly<Record<Place, string>> = { root: " ", top: "┌", middle: "├", bottom: "└" };

function draw({ record, children }: Family, { indent, place }: { indent: string; place: Place }): string[] {
  const name = titleOf(record);
  const { above, below } = split(children);
  const isOpenAbove = place === "root" || place === "top";
  const isOpenBelow = place === "root" || place === "bottom";
  const inset = (isOpen: boolean) => `${indent}${isOpen ? " " : "│"}${" ".repeat(name.length)}`;
  const end = above.length > 0 ? "┤" : below.length > 0 ? "┐" : "";
  return [
    ...above.flatMap((child, index) =>
      draw(child, { indent: inset(isOpenAbove), place: index === 0 ? "top" : "middle" }),
    ),
    `${indent}${beginnings[place]}${name}${end}`,
    ...below.flatMap((child, index) =>
      draw(child, { indent: inset(isOpenBelow), place: index === below.length - 1 ? "bottom" : "middle" }),
    ),
  ];
}

/** The large branches go below until they outweigh those above; each half keeps the order of the children. */
function split(children: readonly Family[]): { above: readonly Family[]; below: readonly Family[] } {
  const bySize = children.toSorted((a, b) => size(a) - size(b));
  const below = new Set<Family>();
  let [sizeAbove, sizeBelow] = [bySize.reduce((sum, child) => sum + size(child), 0), 0];
  while (sizeBelow < sizeAbove) {
    const largest = bySize.pop()!;
    below.add(largest);
    sizeAbove -= size(largest);
    sizeBelow += size(largest);
  }
  return { above: children.filter((child) => !below.has(child)), below: children.filter((child) => below.has(child)) };
}

function size({ children }: Family): number {
  return children.reduce((sum, child) => sum + size(child), 1);
}
