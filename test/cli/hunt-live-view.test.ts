import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { columnsOf, cutToColumns } from "../../src/cli/hunt/columns.js";
import { createLiveView } from "../../src/cli/hunt/live-view.js";
import { showProgress } from "../../src/cli/hunt/progress.js";
import type { Progress } from "../../src/cli/hunt/progress-line.js";
import type { Terminal } from "../../src/cli/terminal.js";
import type { Experiment } from "../../src/experiment/experiment.js";
import type { ExperimentRecord, Summary } from "../../src/storage/storage.js";
import type { Trial } from "../../src/trial/trial.js";

/** A screen that knows what the view writes: text, line feeds, and `erase from n lines up`. */
function openScreen(columns = 80) {
  let rows: string[] = [""];
  const out = (text: string) => {
    for (const [, up, plain] of text.matchAll(/\x1b\[(\d+)A\r\x1b\[J|([^\x1b]+)/g)) {
      if (up !== undefined) rows = [...rows.slice(0, rows.length - 1 - Number(up)), ""];
      else
        for (const [index, line] of plain!.split("\n").entries()) {
          if (index > 0) rows.push("");
          rows[rows.length - 1] += line;
        }
    }
  };
  let width = columns;
  return {
    out,
    width: () => width,
    /** As terminals do: lines that are too long now are wrapped. */
    narrow: (to: number) => {
      width = to;
      rows = rows.flatMap((row) => row.match(new RegExp(`.{1,${to}}`, "gu")) ?? [""]);
    },
    rows: () => rows,
  };
}

function progress(change: Partial<Progress> = {}, name = "demo"): Progress {
  const counts = { new: 0, reserved: 1, suspended: 0, completed: 2, interrupted: 0, broken: 0 };
  return {
    record: { name, version: 1, maxTrials: 4 } as ExperimentRecord,
    summary: { counts, best: undefined, firstStart: 0, lastEnd: 2000 } as unknown as Summary,
    running: [{ number: 3, seconds: 1 }],
    seconds: 2,
    completedHere: 2,
    isOver: false,
    ...change,
  };
}

const drawn = [
  "demo-v1 ████████████░░░░░░░░░░░░ 50 %",
  "2/4 completed · 1 running · 1/s · about 2.0 s left",
  "here: trial 3 1.0 s",
];

describe("the live view", () => {
  it("keeps its place below the output, and leaves nothing behind", () => {
    const screen = openScreen();
    const view = createLiveView(screen);
    view.update(progress());
    view.print("one\n");
    view.update(progress());
    expect(screen.rows()).toEqual(["one", ...drawn, ""]);
    view.print("two\nthree\n");
    expect(screen.rows()).toEqual(["one", "two", "three", ...drawn, ""]);
    view.clear();
    expect(screen.rows()).toEqual(["one", "two", "three", ""]);
  });

  it("shows the last state of a line that has not ended, and the whole line once it has", () => {
    const screen = openScreen();
    const view = createLiveView(screen);
    view.update(progress());
    view.print("\rstep 1");
    view.print("\r\x1b[32mstep 2\x1b[0m");
    expect(screen.rows()).toEqual(["step 2", ...drawn, ""]);
    view.endLine();
    view.print("next\n");
    expect(screen.rows().slice(-5)).toEqual(["next", ...drawn, ""]);
  });

  it("erases all of itself after the terminal became narrower", () => {
    const screen = openScreen();
    const view = createLiveView(screen);
    view.update(progress());
    screen.narrow(12);
    view.update(progress());
    expect(screen.rows()).toEqual(["demo-v1 ██…", "2/4 comple…", "here: tria…", ""]);
    view.clear();
    expect(screen.rows()).toEqual([""]);
  });

  it("waits for the others only where there are some", () => {
    const screen = openScreen();
    const view = createLiveView(screen);
    const { summary } = progress();
    view.update(progress({ running: [] }));
    expect(screen.rows()).toContain("here: waiting for the others");
    view.update(progress({ running: [], summary: { ...summary, counts: { ...summary.counts, reserved: 0 } } }));
    expect(screen.rows()).toContain("here: looking for a trial");
  });

  it("is three lines, whatever the name of the experiment", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), fc.integer({ min: 1, max: 60 }), (name, width) => {
        const screen = openScreen(width);
        createLiveView(screen).update(progress({}, name));
        expect(screen.rows()).toHaveLength(4);
        for (const row of screen.rows()) expect(columnsOf(row)).toBeLessThanOrEqual(width);
      }),
    );
  });

  it("counts two columns for a wide character, none for an accent", () => {
    expect(["abc", "実験", "e\u0301", "🙂"].map(columnsOf)).toEqual([3, 4, 1, 2]);
    expect(cutToColumns("実験実験", 6)).toBe("実験…");
  });
});

describe("the progress of a hunt", () => {
  afterEach(() => void vi.useRealTimers());

  it.each([
    ["is away", () => Promise.reject(new Error("away"))],
    ["does not answer", () => new Promise<never>(() => {})],
  ])("counts the time of what runs while the database %s", async (_title, trouble) => {
    vi.useFakeTimers();
    const screen = openScreen();
    const { record, summary } = progress();
    let summarize: () => Promise<Summary> = async () => summary;
    const experiment = {
      record,
      storage: { summarize: () => summarize(), getExperiment: async () => record },
    } as unknown as Experiment;
    const terminal = { ...screen, isInteractive: true, env: {} } as unknown as Terminal;
    const display = showProgress({ terminal, experiment, isJson: false });
    display.started({ number: 3 } as Trial);
    await vi.advanceTimersByTimeAsync(1000);
    expect(screen.rows().join("\n")).toContain("here: trial 3 1.0 s");
    summarize = trouble;
    await vi.advanceTimersByTimeAsync(4000);
    expect(screen.rows().join("\n")).toContain("here: trial 3 5.0 s");
  });
});
