import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { fileTrouble } from "../src/file-trouble.js";
import { temporaryFolder } from "./temporary-folder.js";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});

function troubleOf(call: (path: (name: string) => string) => unknown): string {
  try {
    call((name) => join(folder, name));
  } catch (error) {
    return fileTrouble(error);
  }
  throw new Error("nothing was refused");
}

describe("why the system refused a file, in words", () => {
  it("what is not there, and what is something else", () => {
    writeFileSync(join(folder, "file"), "");
    expect(troubleOf((at) => readFileSync(at("gone")))).toBe("there is no such file or folder");
    expect(troubleOf((at) => openSync(at("gone/file"), "w"))).toBe("there is no such file or folder");
    expect(troubleOf((at) => openSync(at("file/below"), "w"))).toBe("a part of its path is not a directory");
    expect(troubleOf(() => readFileSync(folder))).toBe("it is a directory");
    expect(troubleOf((at) => mkdirSync(at("file")))).toBe("a file of this name is there already");
    expect(troubleOf((at) => openSync(at("x".repeat(300)), "w"))).toBe("its name is too long");
  });

  it("of what it has no words for, what the system says", () => {
    expect(fileTrouble(Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" }))).toBe("EIO: i/o error, read");
    expect(fileTrouble(Object.assign(new Error("odd"), { code: "toString" }))).toBe("odd");
  });
});
