import pc from "picocolors";
import type { Terminal } from "../terminal.js";

/** Marks for people; each returns its text unchanged where nobody looks. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly good: (text: string) => string;
}

/** Colours on a terminal only, and never with `NO_COLOR` (https://no-color.org). */
export function paintFor({ isInteractive, env }: Pick<Terminal, "isInteractive" | "env">): Paint {
  const { bold, dim, red, green } = pc.createColors(isInteractive && !env.NO_COLOR);
  return { bold, dim, bad: red, good: green };
}

/** No marks at all. */
export const plain: Paint = { bold: String, dim: String, bad: String, good: String };
