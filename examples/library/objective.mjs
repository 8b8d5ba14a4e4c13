// How many bytes are left of a text after deflate, with these settings of zlib.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, deflateRawSync } from "node:zlib";

const strategies = {
  default: constants.Z_DEFAULT_STRATEGY,
  filtered: constants.Z_FILTERED,
  "huffman only": constants.Z_HUFFMAN_ONLY,
  rle: constants.Z_RLE,
  fixed: constants.Z_FIXED,
};

/** Runs wherever the executor calls it: all that it needs comes as plain data. */
export default function compressedSize({ level, memory, window, strategy, file }, trial) {
  const text = readFileSync(file);
  const options = { level, memLevel: memory, windowBits: window, strategy: strategies[strategy] };
  const compressed = deflateRawSync(text, options);
  writeFileSync(join(trial.workingDir, "compressed"), compressed); // gone when the trial completes, unless kept
  return { objective: compressed.length, ratio: compressed.length / text.length };
}
