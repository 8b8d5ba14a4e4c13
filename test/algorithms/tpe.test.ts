import tpe from "../../src/algorithms/tpe.js";
import { algorithmContract } from "../../src/testing/algorithm-contract.js";

algorithmContract("tpe", tpe);
algorithmContract("tpe of each dimension by itself", tpe, { options: { multivariate: false, n_initial_points: 5 } });
