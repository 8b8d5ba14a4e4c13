// Every measurement in turn, with the machine they were made on.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describeMachine } from "./laboratory.js";

console.log(describeMachine());
for (const name of ["start-up", "overhead", "contention", "growth", "executors"]) {
  execFileSync(process.execPath, ["--import", "tsx", join(import.meta.dirname, `${name}.ts`)], { stdio: "inherit" });
}
