import { AccessError } from "../errors.js";

/** What a client may do: `r` read; `w` insert and release, too; `x` everything. */
export type Mode = "r" | "w" | "x";

const order: readonly Mode[] = ["r", "w", "x"];

const howToOpen: Readonly<Record<Mode, string>> = {
  r: "getExperiment(name)",
  w: 'getExperiment(name, { mode: "w" })',
  x: "createExperiment({ name })",
};

/** @throws {AccessError} naming the method, when `mode` is not enough for it. */
export function requireMode(method: string, { mode, needed }: { readonly mode: Mode; readonly needed: Mode }): void {
  if (order.indexOf(mode) >= order.indexOf(needed)) return;
  throw new AccessError(
    `${method}() is not allowed to a client in mode "${mode}".`,
    `Open the experiment in mode "${needed}": ${howToOpen[needed]}.`,
  );
}
