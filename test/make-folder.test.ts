import { once } from "node:events";
import { mkdirSync, rmdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeFolder } from "../src/make-folder.js";
import { temporaryFolder } from "./temporary-folder.js";

describe("a folder that is to be made", () => {
  it("is made with those above it, and may be there already", () => {
    const folder = join(temporaryFolder(), "a", "b", "c");
    makeFolder(folder, 0o700);
    makeFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
    expect(statSync(join(folder, "..")).mode & 0o777).toBe(0o700);
  });

  it("is made though others remove the empty one above it, and make it again", async () => {
    const parent = join(temporaryFolder(), "a");
    const others = new Worker(
      `const { mkdirSync, rmdirSync } = require("node:fs");
       const { parentPort, workerData } = require("node:worker_threads");
       let isOver = false;
       parentPort.on("message", () => { isOver = true; });
       const again = () => {
         for (let turn = 0; turn < 200; turn++) {
           for (const change of [mkdirSync, rmdirSync]) try { change(workerData); } catch {}
         }
         if (isOver) parentPort.close(); else setImmediate(again);
       };
       parentPort.postMessage("ready");
       again();`,
      { eval: true, workerData: parent },
    );
    onTestFinished(() => void others.terminate());
    await once(others, "message");
    for (let turn = 0; turn < 3000; turn++) {
      makeFolder(join(parent, "b"));
      rmdirSync(join(parent, "b"));
    }
    others.postMessage("over");
    await once(others, "exit");
  });

  it("may be a link to one", () => {
    const root = temporaryFolder();
    mkdirSync(join(root, "there"));
    symlinkSync(join(root, "there"), join(root, "link"));
    makeFolder(join(root, "link"));
    makeFolder(join(root, "link", "below"));
    expect(statSync(join(root, "there", "below")).isDirectory()).toBe(true);
  });

  it("is refused where a file is, or a link that leads nowhere", () => {
    const root = temporaryFolder();
    writeFileSync(join(root, "file"), "");
    symlinkSync(join(root, "nowhere", "at all"), join(root, "link"));
    expect(() => makeFolder(join(root, "file"))).toThrow(/EEXIST/);
    expect(() => makeFolder(join(root, "file", "below"))).toThrow(/ENOTDIR/);
    expect(() => makeFolder(join(root, "link"))).toThrow(/EEXIST/);
  });

  it.skipIf(platform() !== "linux")("is refused where the system makes none and says that it is not there", () => {
    expect(() => makeFolder("/proc/nowhere")).toThrow(/ENOENT/);
    expect(() => makeFolder("/proc/nowhere/at/all")).toThrow(/ENOENT/);
  });
});
