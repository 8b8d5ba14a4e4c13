/** Why algorithms that promote need not keep up with random search on a problem without a fidelity. */
export const evaluatesAgain = {
  promise: "solves Branin at least as well as random search",
  reason: "its budget counts trials of all fidelities, and Branin has none: promotions evaluate the same point again",
};
