import { expect, it } from "vitest";
import { temporaryFolder } from "../../temporary-folder.js";
import { runOrion } from "../fake-terminal.js";

it.each([
  ["dump", "-o", "all.dump", "-f"],
  ["load", "all.dump", "-r", "bump"],
])("db %s says that it is not there yet, and how to copy the database meanwhile", async (...words) => {
  const folder = temporaryFolder();
  const { code, out, err } = await runOrion(["db", ...words], { folder });
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toContain(`orion db ${words[0]} is not there yet.`);
  expect(err).toContain(`sqlite3 '${folder}/orion.sqlite' ".backup COPY.sqlite"`);
});
