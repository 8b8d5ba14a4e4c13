#!/usr/bin/env node
/**
 * Simulated annealing for a round trip through 60 cities: how hot to begin, how fast to cool, which moves to make?
 *
 * Reports the mean length of the trips that three fixed seeds find, so equal parameters give equal objectives.
 */
import { parseArgs } from "node:util";
import { reportObjective } from "../../clients/orion-client.mjs"; // your own program has it beside itself

const { values } = parseArgs({
  options: {
    heat: { type: "string", default: "1" },
    cooling: { type: "string", default: "0.01" },
    move: { type: "string", default: "swap" },
  },
});
const heat = Number(values.heat);
const cooling = Number(values.cooling);

const CITIES = 60;
const STEPS = 20_000;
const moves = { swap, reverse, insert };
const move = moves[values.move];
if (move === undefined) throw new RangeError(`--move must be one of ${Object.keys(moves).join(", ")}`);

const cities = placeCities();
const lengths = [1, 2, 3].map((seed) => anneal(randomNumbers(seed)));
const mean = lengths.reduce((sum, length) => sum + length) / lengths.length;
console.log(`trips of ${lengths.map((length) => length.toFixed(3)).join(", ")}`);
reportObjective(mean, "length");

function placeCities() {
  const random = randomNumbers(2024);
  return Array.from({ length: CITIES }, () => ({ x: random(), y: random() }));
}

/** Length of the best round trip seen in STEPS steps; the temperature shrinks by `cooling` every 100 steps. */
function anneal(random) {
  let trip = Array.from({ length: CITIES }, (_, index) => index);
  let length = lengthOf(trip);
  let best = length;
  let temperature = heat;
  for (let step = 1; step <= STEPS; step++) {
    const [from, to] = [Math.floor(random() * CITIES), Math.floor(random() * CITIES)].sort((a, b) => a - b);
    const next = move(trip, from, to);
    const nextLength = lengthOf(next);
    if (nextLength < length || random() < Math.exp((length - nextLength) / temperature)) {
      trip = next;
      length = nextLength;
      best = Math.min(best, length);
    }
    if (step % 100 === 0) temperature *= 1 - cooling;
  }
  return best;
}

function lengthOf(trip) {
  let length = 0;
  for (let i = 0; i < trip.length; i++) {
    const here = cities[trip[i]];
    const there = cities[trip[(i + 1) % trip.length]];
    length += Math.hypot(here.x - there.x, here.y - there.y);
  }
  return length;
}

function swap(trip, from, to) {
  return trip.with(from, trip[to]).with(to, trip[from]);
}

function reverse(trip, from, to) {
  return [...trip.slice(0, from), ...trip.slice(from, to).reverse(), ...trip.slice(to)];
}

function insert(trip, from, to) {
  return trip.toSpliced(from, 1).toSpliced(to, 0, trip[from]);
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
