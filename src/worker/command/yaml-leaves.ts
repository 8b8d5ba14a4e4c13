import type { Node } from "yaml";
import { ConfigSyntaxError, type Leaf } from "./config-leaf.js";

/**
 * The scalars of a YAML file in the order of the text, over all of its documents. Aliases and keys are left out.
 *
 * @throws {ConfigSyntaxError}
 */
export async function readYamlLeaves(text: string): Promise<readonly Leaf[]> {
  const { isMap, isScalar, isSeq, parseAllDocuments } = await import("yaml");
  const leaves: Leaf[] = [];

  function walk(node: unknown, path: string): void {
    if (isMap(node)) {
      for (const { key, value } of node.items) walk(value, `${path}/${isScalar(key) ? key.value : key}`);
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) walk(item, `${path}/${index}`);
    } else if (isScalar(node) && node.range) {
      const [start, end] = node.range;
      // The range of a block scalar takes the line break with it.
      const length = text.slice(start, end).trimEnd().length;
      leaves.push({
        path,
        value: typeof node.value === "string" ? node.value : undefined,
        start,
        end: start + length,
      });
    }
  }

  const documents = parseAllDocuments<Node>(text, { prettyErrors: false, uniqueKeys: false, logLevel: "silent" });
  for (const { errors, contents } of documents) {
    if (errors[0] !== undefined) throw new ConfigSyntaxError(sentence(errors[0].message), errors[0].pos[0]);
    walk(contents, "");
  }
  return leaves;
}

function sentence(message: string): string {
  return message.replace(/\s+/g, " ").replace(/[.:]\s*$/, "");
}
