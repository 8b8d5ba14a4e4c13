export { atRest } from "./at-rest.js";
export { type Backend, defineBackend, type OpenOptions } from "./backend.js";
export { type Joining, joinTrial } from "./join-trial.js";
export type * from "./records.js";
export { openStorage } from "./registry.js";
export type * from "./storage.js";
