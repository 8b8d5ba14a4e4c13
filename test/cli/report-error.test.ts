import { expect, it } from "vitest";
import { reportError } from "../../src/cli/report-error.js";
import { UsageError } from "../../src/errors.js";

const behind = new TypeError("bang");
const error = new UsageError('The algorithm "./mine.js" failed.', "Mend it.", { cause: behind });

it("shows a handled error in two lines, and where it began to who asks for everything", () => {
  expect(reportError(error, { isJson: false, isVerbose: false, place: "" })).toBe(
    'Error: The algorithm "./mine.js" failed.\nMend it.\n',
  );
  expect(reportError(error, { isJson: false, isVerbose: true, place: "" })).toContain(`Caused by: ${behind.stack}\n`);
});
