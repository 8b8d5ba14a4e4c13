// Bundles the command line and the library into dist/, each sub-command a chunk that is loaded only when it runs.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });

await build({
  entryPoints: {
    "cli/main": "src/cli/main.ts",
    index: "src/index.ts",
    "algorithms/algorithm": "src/algorithms/algorithm.ts",
    "storage/storage": "src/storage/public.ts",
    "testing/testing": "src/testing/public.ts",
  },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  sourcemap: "linked",
  // The driver finds its binary beside itself, yaml is CommonJS that cannot be a chunk of its own, and vitest and
  // fast-check belong to whoever runs the contract suites.
  external: ["@photostructure/sqlite", "yaml", "vitest", "fast-check"],
  // Bundled CommonJS packages ask for Node's own modules with `require`.
  banner: {
    js: 'import { createRequire as nodeRequire } from "node:module";const require = nodeRequire(import.meta.url);',
  },
  logLevel: "warning",
});
chmodSync("dist/cli/main.js", 0o755);

if (!process.argv.includes("--quick")) {
  const compiler = new URL("../node_modules/typescript/bin/tsc", import.meta.url).pathname;
  if (existsSync(compiler))
    execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], { stdio: "inherit" });
}
