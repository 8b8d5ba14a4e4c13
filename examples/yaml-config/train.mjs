#!/usr/bin/env node
/**
 * Fit a polynomial to a noisy sine by ridge regression; everything is said in a configuration file.
 *
 * Reports the root of the mean squared error at points that were not used for the fit.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { reportObjective } from "../../clients/orion-client.mjs"; // your own program has it beside itself

const { values } = parseArgs({ options: { config: { type: "string" } } });
if (values.config === undefined) throw new Error("usage: train.mjs --config FILE");
const { data, model, scaling } = readConfiguration(readFileSync(values.config, "utf8"));

const noise = randomNumbers(7);
const train = samples(data.points, (x) => Math.sin(x) + data.noise * (2 * noise() - 1));
const test = samples(200, Math.sin);
const weights = fitRidge(train);
const squares = test.map(({ x, y }) => (predict(weights, x) - y) ** 2);
const error = Math.sqrt(squares.reduce((sum, square) => sum + square) / squares.length);
console.log(`degree ${model.degree}, ridge ${model.ridge}, scaling ${scaling}: error ${error.toFixed(4)}`);
reportObjective(error, "error");

/** Enough YAML for config.yaml: one level of sections, numbers and texts. Programs that may, use a library. */
function readConfiguration(text) {
  const configuration = {};
  let section = configuration;
  for (const line of text.split("\n")) {
    const [, indent, key, raw] = /^( *)(\w+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined) continue;
    if (indent === "") section = configuration;
    if (raw === "") {
      section = {};
      configuration[key] = section;
    } else {
      const word = raw.replace(/^(["'])(.*)\1$/, "$2");
      section[key] = Number.isNaN(Number(word)) ? word : Number(word);
    }
  }
  return configuration;
}

function samples(count, f) {
  return Array.from({ length: count }, (_, index) => {
    const x = (index / (count - 1)) * 10;
    return { x, y: f(x) };
  });
}

function features(x) {
  const scales = { none: x, unit: x / 10, standard: (x - 5) / 2.9 };
  if (!(scaling in scales)) throw new RangeError(`scaling must be one of ${Object.keys(scales).join(", ")}`);
  return Array.from({ length: model.degree + 1 }, (_, power) => scales[scaling] ** power);
}

function predict(weights, x) {
  return features(x).reduce((sum, feature, index) => sum + feature * weights[index], 0);
}

/** Solve (XᵀX + ridge I) w = Xᵀy by Gaussian elimination with partial pivoting. */
function fitRidge(points) {
  const rows = points.map(({ x }) => features(x));
  const size = model.degree + 1;
  const system = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) =>
      rows.reduce((sum, row) => sum + row[i] * row[j], i === j ? model.ridge : 0),
    ),
    rows.reduce((sum, row, index) => sum + row[i] * points[index].y, 0),
  ]);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(system[row][column]) > Math.abs(system[pivot][column])) pivot = row;
    }
    [system[column], system[pivot]] = [system[pivot], system[column]];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const factor = system[row][column] / system[column][column];
      for (let k = column; k <= size; k++) system[row][k] -= factor * system[column][k];
    }
  }
  return system.map((row, index) => row[size] / row[index]);
}

/** Numbers in [0, 1): mulberry32, by Tommy Ettinger (public domain). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
