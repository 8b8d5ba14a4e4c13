export { type Backend, defineBackend, type OpenOptions } from "./backend.js";
export { openStorage } from "./registry.js";
export type * from "./storage.js";
