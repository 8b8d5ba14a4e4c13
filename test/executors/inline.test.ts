import inline from "../../src/executors/inline.js";
import { executorContract } from "../../src/testing/executor-contract.js";

executorContract("inline", { module: inline });
