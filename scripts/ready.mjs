// Makes a checkout ready to run: installs the packages of package-lock.json and builds, each only when it is needed.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const changed = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);
const newest = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
      changed(join(entry.parentPath ?? entry.path, entry.name)),
    ),
  );
const run = (command, ...words) =>
  execFileSync(command, words, { stdio: ["ignore", 2, 2], shell: process.platform === "win32" });

if (changed("node_modules/.package-lock.json") < changed("package-lock.json")) {
  console.error("Installing packages …");
  // Not `npm ci`: it refuses a lock file that lacks the optional binaries of platforms which a registry does not carry.
  run("npm", "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error");
}
if (changed("dist/cli/main.js") < Math.max(newest("src"), newest("scripts"))) {
  console.error("Building …");
  run(process.execPath, "scripts/build.mjs");
}
