import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { algorithms } from "../../src/algorithms/registry.js";
import { commandOf, createProgram, findCommand } from "../../src/cli/program.js";
import { type CommandName, commands } from "../../src/cli/registry.js";

const root = resolve(import.meta.dirname, "../..");
const pages = [
  "README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];
const read = (page: string) => readFileSync(join(root, page), "utf8");

/** The heading's name in a link, as GitHub makes it. */
function anchorOf(heading: string): string {
  const kept = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "");
  return kept.trim().replaceAll(" ", "-");
}

/** Text without code, where a bracket or a # means something else. */
const proseOf = (text: string) => text.replaceAll(/^```[\s\S]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "code");

/** Headings keep the words of their code. */
function anchorsOf(text: string): string[] {
  const lines = text.replaceAll(/^```[\s\S]*?^```$/gm, "").split("\n");
  return lines.flatMap((line) => /^#+ (.*)$/.exec(line)?.[1] ?? []).map(anchorOf);
}

function isBroken(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : relative(root, resolve(root, dirname(page), path));
  if (!existsSync(join(root, target))) return true;
  return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
}

/** Lines of code blocks and pieces of code in the text that begin with `orion`. */
function commandLines(text: string): string[] {
  const pieces = [...text.matchAll(/`(orion [^`\n]+)`/g)].map((match) => match[1]!);
  return [...pieces, ...[...text.matchAll(/^(?:\$ )?((?:timeout \S+ \d+ )?orion .*)$/gm)].map((match) => match[1]!)];
}

/** The long options that stand before the script; its own words are not ours. */
function ownOptions(line: string): { command: CommandName | undefined; options: string[] } {
  const words = line
    .replace(/^.*?orion /, "")
    .split(/[|>]/)[0]!
    .match(/'[^']*'|"[^"]*"|\S+/g)!;
  const command = findCommand(words);
  const script = words.findIndex(
    (word, at) => at >= (command?.end ?? 0) && /^(\.\/|examples\/|Rscript|--$)/.test(word),
  );
  const own = script < 0 ? words : words.slice(0, script);
  const options = own.filter((word) => /^--\w/.test(word)).map((word) => word.split("=")[0]!);
  return { command: command?.name, options };
}

async function declaredOptions(): Promise<ReadonlyMap<string, readonly string[]>> {
  const program = createProgram({ write: () => {}, width: () => 80 });
  const long = (command: typeof program) => command.options.flatMap((option) => option.long ?? []);
  const declared = new Map([["", [...long(program), "--help"]]]);
  for (const name of Object.keys(commands) as CommandName[]) {
    const command = commandOf(program, name);
    (await commands[name].load()).default.configure(command);
    declared.set(name, [...long(command), ...long(program), "--help"]);
  }
  return declared;
}

describe.each(pages)("%s", (page) => {
  it("has no link to a file or heading that does not exist", () => {
    const links = [...proseOf(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
    expect(links.filter((link) => !/^https?:/.test(link) && isBroken(page, link))).toEqual([]);
  });

  it("names no option of a command that the program does not have", async () => {
    const declared = await declaredOptions();
    const unknown = commandLines(read(page)).flatMap((line) => {
      const { command = "", options } = ownOptions(line);
      return options.filter((option) => !declared.get(command)!.includes(option)).map((option) => [line, option]);
    });
    expect(unknown).toEqual([]);
  });

  it("names no option in its text that no command has", async () => {
    const known = [...(await declaredOptions()).values()].flat();
    const mentioned = [...read(page).matchAll(/`(--[a-z][a-z-]+)(?: [^`]*)?`/g)].map((match) => match[1]!);
    const ofScripts = ["--config", "--settings", "--lr"]; // words of the user's program
    expect(mentioned.filter((option) => ![...known, ...ofScripts].includes(option))).toEqual([]);
  });
});

it("the README links every page", () => {
  const readme = read("README.md");
  expect(pages.filter((page) => page !== "README.md" && !readme.includes(`](${page})`))).toEqual([]);
});

it("the README starts with exactly two commands of npm", () => {
  expect(read("README.md").match(/^npm .*$/gm)).toEqual(["npm run demo", "npm test"]);
});

it("the table of algorithms lists exactly those that are registered", () => {
  const rows = [
    ...read("docs/algorithms.md")
      .split("\n## ")[0]!
      .matchAll(/^\| `(\w+)` \|/gm),
  ].map((match) => match[1]!);
  expect(rows.sort()).toEqual(Object.keys(algorithms).sort());
});
