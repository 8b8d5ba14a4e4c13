import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigurationError } from "../../../src/errors.js";
import { findScript } from "../../../src/worker/command/find-script.js";
import { makeFolder, program } from "./make-folder.js";

const files = {
  "train.py": program,
  "locked.sh": "#!/bin/sh\n",
  "bin/python3.11": program,
  "bin/node": program,
  "bin/solver": program,
  "bin/data": "not executable",
};

describe("findScript", () => {
  it.each([["./train.py"], ["solver", "--fast"], ["./train.py", "ghost.mjs"]])(
    "takes the program itself: %s",
    async (...words) => {
      const { world } = makeFolder(files);
      expect(await findScript(words, world)).toEqual({ words, script: words[0] });
    },
  );

  it.each([
    [["python3.11", "locked.sh", "-x"], "locked.sh"],
    [["python3.11", "-u", "./locked.sh"], "./locked.sh"],
    [["./bin/python3.11", "train.py"], "train.py"],
    [["python3.11", "-m", "trainer", "train.py"], undefined],
    [["node", "--import", "tsx", "train.mjs"], undefined],
    [["node", "train"], undefined],
    [["node"], undefined],
  ])("finds the script behind an interpreter: %j", async (words, script) => {
    const { world } = makeFolder(files);
    expect(await findScript(words, world)).toEqual(script === undefined ? { words } : { words, script });
  });

  it("starts a file of the current directory that is not on PATH", async () => {
    const { world } = makeFolder(files);
    expect(await findScript(["train.py", "-x"], world)).toEqual({ words: ["./train.py", "-x"], script: "./train.py" });
  });

  it("prefers the program on PATH to a file of the same name", async () => {
    const { world } = makeFolder({ ...files, solver: program });
    expect((await findScript(["solver"], world)).words).toEqual(["solver"]);
  });

  it.each([
    [["./ghost.mjs"], /script ".\/ghost.mjs" does not exist/],
    [["ghost"], /script "ghost" does not exist and no program on PATH/],
    [["data"], /"data" does not exist/],
    [["node", "ghost.mjs"], /script "ghost.mjs" does not exist/],
    [["python9", "train.py"], /"python9" does not exist/],
    [["./folder"], /"\.\/folder" is a directory/],
    [["./locked.sh"], /"\.\/locked\.sh" is not executable: permission/],
    [["locked.sh"], /"locked\.sh" is not executable: permission/],
    [[""], /"" does not exist/],
    [[], /No command/],
  ])("refuses %j", async (words, message) => {
    const { world, directory } = makeFolder(files);
    mkdirSync(join(directory, "folder"));
    const failure = expect(findScript(words, world)).rejects;
    await failure.toThrow(message);
    await failure.toBeInstanceOf(ConfigurationError);
  });

  it.each([
    ["#!/bin/sh", undefined],
    ["#! /usr/bin/env -S solver --fast", undefined],
    ["#!/usr/bin/env solver", undefined],
    ["#!/usr/bin/env LC_ALL=C ghost", undefined],
    ["no script", undefined],
    // its end is not known
    [`#!/${"long/".repeat(60)}python`, undefined],
    ["#!/no/such/python", /train\.py" cannot be started: its interpreter does not exist.*"#!\/no\/such\/python"/],
    ["#!/usr/bin/env ghost", /its interpreter does not exist/],
    ["#!/usr/bin/env -S ghost -u", /its interpreter does not exist/],
    ["#!/bin/sh\r", /end in the manner of Windows/],
    ["#!/usr/bin/env solver\r", /end in the manner of Windows/],
  ])("looks for the interpreter of a script: %j", async (line, refusal) => {
    const { world } = makeFolder({ ...files, "train.py": { text: `${line}\nmore`, mode: 0o755 } });
    const found = findScript(["train.py"], world);
    if (refusal === undefined) await expect(found).resolves.toMatchObject({ script: "./train.py" });
    else await expect(found).rejects.toThrow(refusal);
  });

  it("does not look for it where programs start on other machines", async () => {
    const { world } = makeFolder({ "train.py": { text: "#!/only/there/python\n", mode: 0o755 } });
    await expect(findScript(["train.py"], { ...world, startsHere: false })).resolves.toMatchObject({
      script: "./train.py",
    });
  });

  it("says how to make a file executable", async () => {
    const { world } = makeFolder(files);
    await expect(findScript(["./locked.sh"], world)).rejects.toMatchObject({
      remedy: 'Run "chmod +x ./locked.sh", or put its interpreter in front: "bash ./locked.sh".',
    });
  });
});
