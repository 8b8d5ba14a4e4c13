// Bundles the command line and the library into dist/.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist/cli", { recursive: true });
writeFileSync("dist/cli/package.json", `${JSON.stringify({ type: "commonjs" })}\n`);

const common = {
  outdir: "dist",
  bundle: true,
  platform: "node",
  target: "node20.19",
  sourcemap: "linked",
  legalComments: "inline",
  logLevel: "warning",
  // The driver finds its binary beside itself, piscina the file of its threads, yaml is large and seldom needed, pg is
  // installed by whoever has a server, and vitest and fast-check belong to whoever runs the contract suites.
  external: ["@photostructure/sqlite", "piscina", "pg", "yaml", "vitest", "fast-check"],
};

const plugInImport = {
  name: "a real import() for plug-ins, which may be ES modules that await",
  setup: ({ onLoad }) => {
    const contents = "export const importModule = importFile;";
    onLoad({ filter: /algorithms.import-module\.ts$/ }, () => ({ contents }));
  },
};
// Commander can start programs for sub-commands, which we do not use, and this module is the slowest to load of all that
// it needs.
const noPrograms = {
  name: "no programs for sub-commands",
  setup: ({ onResolve, onLoad }) => {
    const namespace = "no-programs";
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /node_modules.commander./.test(importer) ? { path: "none", namespace } : undefined,
    );
    onLoad({ filter: /./, namespace }, () => ({ contents: "module.exports = {}" }));
  },
};
// The command line is split into parts, which are loaded when they are reached. They become CommonJS, which Node starts
// 40 ms sooner than the same code as ES modules, and for which V8 takes code that was compiled before.
const modules = "dist/cli/modules";
await build({
  ...common,
  plugins: [plugInImport, noPrograms],
  outdir: modules,
  entryPoints: { orion: "src/cli/orion.ts" },
  format: "esm",
  splitting: true,
  minifyWhitespace: true,
  minifySyntax: true,
  // Licences go into files of their own, so that the parts are ASCII, which `cli/parts` reads without decoding.
  charset: "ascii",
  legalComments: "linked",
});
await build({
  ...common,
  bundle: false,
  external: undefined,
  outdir: "dist/cli/parts",
  entryPoints: [`${modules}/*.js`],
  format: "cjs",
  supported: { "dynamic-import": false },
  define: { "import.meta.url": "importMetaUrl" },
  // A function, which `cli/parts` calls. What runs beside the command line is looked for from its first part.
  banner: { js: "(function (exports, require, module, importMetaUrl, importFile) {" },
  footer: { js: "})" },
  minifyWhitespace: true,
  minifySyntax: true,
  charset: "ascii",
});
for (const file of readdirSync(modules)) {
  if (file.endsWith(".LEGAL.txt")) copyFileSync(`${modules}/${file}`, `dist/cli/parts/${file}`);
}
rmSync(modules, { recursive: true });
await build({
  ...common,
  entryPoints: { "cli/main": "src/cli/main.ts", "cli/parts": "src/cli/parts.ts" },
  format: "cjs",
});
execFileSync(process.execPath, ["scripts/compile.mjs"], { stdio: "pipe" });

await build({
  ...common,
  entryPoints: {
    index: "src/index.ts",
    "algorithms/algorithms": "src/algorithms/public.ts",
    "storage/storage": "src/storage/public.ts",
    "testing/testing": "src/testing/public.ts",
    "benchmarks/benchmarks": "src/benchmarks/public.ts",
    "benchmarks/study-process": "src/benchmarks/study-process.ts",
  },
  format: "esm",
  splitting: true,
});

// What threads, processes and other machines start with: each stands alone, so that it starts fast.
await build({
  ...common,
  entryPoints: {
    "runners/thread": "src/executors/runners/thread.ts",
    "runners/process": "src/executors/runners/process.ts",
    "runners/call": "src/executors/runners/call.ts",
  },
  format: "esm",
});
copyFileSync("src/executors/runners/bridge.py", "dist/runners/bridge.py");

if (!process.argv.includes("--quick")) {
  const compiler = new URL("../node_modules/typescript/bin/tsc", import.meta.url).pathname;
  execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], { stdio: "inherit" });
}
