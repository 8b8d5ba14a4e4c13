import { algorithmContract } from "../../../src/testing/algorithm-contract.js";
import auto from "../../../src/algorithms/auto/auto.js";

algorithmContract("auto", auto, {
  trace: {
    "/layers": [],
    "/lr": [],
    "/momentum": [],
    "/optimizer": [],
  },
});

algorithmContract("auto with a fidelity", { ...auto, requires: { fidelity: true } });
