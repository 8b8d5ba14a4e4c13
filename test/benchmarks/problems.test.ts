import { loadProblem } from "../../src/benchmarks/load-problem.js";
import { problems } from "../../src/benchmarks/registry.js";
import { problemContract } from "../../src/testing/problem-contract.js";

const others = [
  "hartmann-3d",
  "rosenbrock-5d",
  "ackley-10d",
  "levy-7d",
  "michalewicz-5d",
  "michalewicz-10d",
  "shekel-m5",
  "shekel-m7",
];
const slow = /network|neighbours|stumps|logistic/;

for (const name of [
  ...Object.keys(problems),
  ...others,
  "branin+noise0.5",
  "learning-curve-e27-i3",
  "ackley-categories-2c",
]) {
  problemContract(name, () => loadProblem(name), { points: slow.test(name) ? 3 : 100 });
}
for (let number = 1; number <= 24; number++) {
  for (const name of [`bbob-f${number}-2d-i3`, `bbob-f${number}-5d-i1`]) problemContract(name, () => loadProblem(name));
}
