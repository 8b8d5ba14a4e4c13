export { algorithmContract } from "./algorithm-contract.js";
export { executorContract } from "./executor-contract.js";
export { problemContract } from "./problem-contract.js";
export { storageContract } from "./storage-contract.js";
