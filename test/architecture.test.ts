import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { backends } from "../src/storage/registry.js";
import { version } from "../src/version.js";

const source = resolve(import.meta.dirname, "../src");

/** For each folder of `src`, the folders that it may import from, besides itself and the files at the top. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  math: [],
  space: ["math"],
  trial: ["space", "math"],
  algorithms: ["trial", "space", "math"],
  storage: ["trial", "space", "math"],
  executors: ["space"], // for JSON that keeps odd numbers
  stopping: [],
  config: ["storage"],
  experiment: ["algorithms", "stopping", "storage", "trial", "space", "math"],
  check: ["experiment", "storage", "trial", "space"],
  transfer: ["experiment", "storage", "trial", "space"],
  worker: ["executors", "experiment", "stopping", "storage", "trial", "space"],
  client: ["config", "worker", "executors", "experiment", "algorithms", "stopping", "storage", "trial", "space"],
  benchmarks: ["experiment", "algorithms", "storage", "trial", "space", "math"],
  testing: ["benchmarks", "algorithms", "storage", "executors", "experiment", "trial", "space", "math"],
  plots: [],
  cli: [
    "config",
    "check",
    "transfer",
    "benchmarks",
    "plots",
    "worker",
    "executors",
    "experiment",
    "algorithms",
    "stopping",
    "storage",
    "trial",
    "space",
  ],
};

/** What every folder may import: it knows nothing of them. */
const everywhere = [
  "at-exit.ts",
  "errors.ts",
  "file-trouble.ts",
  "make-folder.ts",
  "registry.ts",
  "nearest-name.ts",
  "shell-word.ts",
  "version.ts",
];

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), "utf8");
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map((match) => match[1]!);
  return specifiers.map((specifier) =>
    relative(source, resolve(source, dirname(file), specifier)).replace(/\.js$/, ".ts"),
  );
}

const topOf = (file: string): string => (file.includes("/") ? file.split("/")[0]! : "");

describe("the folders", () => {
  it("are the ones that the picture of the architecture shows", () => {
    const found = new Set(files.map(topOf).filter((folder) => folder !== ""));
    expect([...found].sort()).toEqual(Object.keys(allowed).sort());
  });

  it("import along the arrows only", () => {
    const isWrong = (from: string, target: string) =>
      topOf(target) !== from && !allowed[from]!.includes(topOf(target)) && !everywhere.includes(target);
    const wrong = files
      .filter((file) => file.includes("/"))
      .flatMap((file) => importsOf(file).map((target) => [file, target] as const))
      .filter(([file, target]) => isWrong(topOf(file), target));
    expect(wrong).toEqual([]);
  });
});

describe("imports", () => {
  it("never go in a circle", () => {
    const state = new Map<string, "open" | "done">();
    const circles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (state.get(file) === "done" || !files.includes(file)) return;
      if (state.get(file) === "open") {
        circles.push([...trail.slice(trail.indexOf(file)), file].join(" -> "));
        return;
      }
      state.set(file, "open");
      // Types vanish when the code runs, so a circle of types alone harms nobody.
      for (const target of runtimeImportsOf(file)) visit(target, [...trail, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it("never go through a file that only collects others", () => {
    expect(files.filter((file) => /(^|\/)index\.ts$/.test(file))).toEqual(["index.ts"]);
  });
});

function runtimeImportsOf(file: string): string[] {
  const text = readFileSync(join(source, file), "utf8");
  const specifiers = [...text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+"(\.[^"]+)"/gm)].map((m) => m[1]!);
  return specifiers.map((specifier) =>
    relative(source, resolve(source, dirname(file), specifier)).replace(/\.js$/, ".ts"),
  );
}

describe("the world outside", () => {
  // A program that imports the library brings its process along: the front door hands it to the client.
  it("comes in as an argument everywhere but in the command line and at the library's front door", () => {
    const reaching = files
      // Runners are programs of their own.
      .filter((file) => !file.startsWith("cli/") && !file.startsWith("executors/runners/") && file !== "index.ts")
      .filter((file) => {
        const code = readFileSync(join(source, file), "utf8").replace(/^\s*(\*|\/\/).*$/gm, "");
        return /Math\.random\(|Date\.now\(|process\.env|process\.argv|process\.exit\(/.test(code);
      });
    expect(reaching).toEqual([]);
  });
});

describe("the registry of storage backends", () => {
  it("has a line for each file with a backend", () => {
    const plugIns = files.filter(
      (file) =>
        /^storage\/[a-z-]+\.ts$/.test(file) && /^export default/m.test(readFileSync(join(source, file), "utf8")),
    );
    expect(plugIns.map((file) => file.slice("storage/".length, -".ts".length)).sort()).toEqual(
      Object.keys(backends).sort(),
    );
  });
});

describe("the package", () => {
  const manifest = JSON.parse(readFileSync(resolve(source, "../package.json"), "utf8"));

  it("has the version that the program prints", () => {
    expect(version).toBe(manifest.version);
  });

  it("pins every dependency to one version", () => {
    const ranges = Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(ranges.filter(([, range]) => !/^\d+\.\d+\.\d+$/.test(range))).toEqual([]);
  });
});
