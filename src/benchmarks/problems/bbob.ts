import { bbobFunctions } from "../bbob/functions.js";
import { instanceOf, offsetOf } from "../bbob/instance.js";
import { defineFamily, dimensionParameter } from "../problem.js";
import { cube, realVector } from "../real-vector.js";

export default defineFamily({
  summary: "The 24 noiseless functions of the BBOB suite, with its instances.",
  source:
    "Hansen, Finck, Ros & Auger 2009, INRIA RR-6829, https://inria.hal.science/inria-00362633; " +
    "instances as in COCO, https://numbbo.github.io/coco/testsuites/bbob",
  parameters: {
    function: { notation: "f#", meaning: "function", default: 1, values: { from: 1, to: 24 } },
    dimensions: dimensionParameter(5, { from: 2, to: 100 }),
    instance: { notation: "i#", meaning: "instance", default: 1, values: { from: 1, to: 10_000 } },
  },
  build: ({ function: number = 1, dimensions = 5, instance: instanceNumber = 1 }) => {
    const instance = instanceOf(number, dimensions, instanceNumber);
    const landscape = bbobFunctions[number - 1]!(instance);
    const offset = offsetOf(instance);
    return realVector({
      bounds: cube(dimensions, -5, 5),
      value: (x) => landscape.value(x) + offset,
      minimum: offset,
      optima: [landscape.optimum],
    });
  },
});
