import type { Rng } from "../../math/rng.js";
import { gaussian } from "../noise.js";

/** A fully connected layer with momentum: (inputs + 1) × outputs weights, the last row is the bias. */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** Shape (inputs + 1 × outputs), row-major. */
  readonly weights: Float64Array;
  readonly velocity: Float64Array;
}

/** Weights are normal with the deviation √(2 / inputs) times `scale`. */
export function createLayer(
  { inputs, outputs, scale }: { inputs: number; outputs: number; scale: number },
  rng: Rng,
): Layer {
  const weights = new Float64Array((inputs + 1) * outputs);
  if (scale > 0) {
    for (let i = 0; i < inputs * outputs; i++) weights[i] = scale * Math.sqrt(2 / inputs) * gaussian(rng);
  }
  return { inputs, outputs, weights, velocity: new Float64Array(weights.length) };
}

/** `output` = weightsᵀ · (input, 1). */
export function forward({ inputs, outputs, weights }: Layer, input: Float64Array, output: Float64Array): void {
  for (let o = 0; o < outputs; o++) output[o] = weights[inputs * outputs + o]!;
  for (let i = 0; i < inputs; i++) {
    const x = input[i]!;
    if (x === 0) continue;
    for (let o = 0; o < outputs; o++) output[o]! += x * weights[i * outputs + o]!;
  }
}

/** `inputGradient` = weights · outputGradient. */
export function backward(
  { inputs, outputs, weights }: Layer,
  outputGradient: Float64Array,
  inputGradient: Float64Array,
): void {
  for (let i = 0; i < inputs; i++) {
    let sum = 0;
    for (let o = 0; o < outputs; o++) sum += weights[i * outputs + o]! * outputGradient[o]!;
    inputGradient[i] = sum;
  }
}

export interface Step {
  readonly lr: number;
  readonly momentum: number;
  /** Pulls the weights, not the bias, to 0. */
  readonly l2: number;
}

/** One step of stochastic gradient descent with momentum. */
export function descend(
  { inputs, outputs, weights, velocity }: Layer,
  { input, gradient }: { input: Float64Array; gradient: Float64Array },
  { lr, momentum, l2 }: Step,
): void {
  for (let i = 0; i <= inputs; i++) {
    const x = i === inputs ? 1 : input[i]!;
    const pull = i === inputs ? 0 : l2;
    for (let o = 0; o < outputs; o++) {
      const at = i * outputs + o;
      velocity[at] = momentum * velocity[at]! - lr * (x * gradient[o]! + pull * weights[at]!);
      weights[at]! += velocity[at]!;
    }
  }
}
