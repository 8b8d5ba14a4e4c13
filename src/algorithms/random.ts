import { fromUnit, unitSize } from "../space/unit-cube.js";
import { defineAlgorithm } from "./algorithm.js";
import { suggestFrom } from "./index-sequence.js";
import { randomOrder } from "./random-order.js";

export default defineAlgorithm({
  summary: "Random search: samples the prior, and a small finite space without repeats.",
  paper: "Bergstra & Bengio 2012, https://jmlr.org/papers/v13/bergstra12a.html",
  requires: {},
  defaults: {},
  basis: "index",
  suggest: (context) => {
    const order = randomOrder(context);
    if (order !== undefined) return suggestFrom(order, context);
    const { space, rng } = context;
    const point = Float64Array.from({ length: unitSize(space) }, () => rng.next());
    return { kind: "params", params: fromUnit(space, point) };
  },
});
