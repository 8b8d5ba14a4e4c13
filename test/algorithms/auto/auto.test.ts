import auto from "../../../src/algorithms/auto/auto.js";
import { algorithmContract } from "../../../src/testing/algorithm-contract.js";

algorithmContract("auto", auto, {
  trace: {
    "/layers": [],
    "/lr": [],
    "/momentum": [],
    "/optimizer": [],
  },
});

algorithmContract("auto with a fidelity", { ...auto, requires: { fidelity: true } });
