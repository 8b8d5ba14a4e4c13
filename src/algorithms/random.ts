import { defineAlgorithm } from "./algorithm.js";
import { sampleAfterCollisions, suggestFrom } from "./collisions.js";
import { randomOrder } from "./random-order.js";
import { samplePrior } from "./sample-prior.js";

export default defineAlgorithm({
  summary: "Random search: samples the prior, and a small finite space without repeats.",
  paper: "Bergstra & Bengio 2012, https://jmlr.org/papers/v13/bergstra12a.html",
  requires: {},
  defaults: {},
  basis: "index",
  suggest: (context) => {
    const order = randomOrder(context);
    if (order !== undefined) return suggestFrom(order, context);
    return sampleAfterCollisions(context, samplePrior(context.space, context.rng));
  },
});
