import { describe, expect, expectTypeOf, it } from "vitest";
import { choices, fidelity, loguniform, normal, uniform } from "../../src/client/prior.js";
import type { ParamsOf, SpaceInput, ValueOfText } from "../../src/client/typed-space.js";
import type * as library from "../../src/index.js";
import type { Params, ParamValue } from "../../src/index.js";

/** Only its type is of interest: it is never called. */
declare const orion: typeof library;

describe("the types of parameters", () => {
  it("follow from builders", () => {
    const space = {
      lr: loguniform(1e-5, 1),
      layers: uniform(1, 8, { discrete: true }),
      noise: normal(0, 1),
      act: choices(["relu", "tanh"]),
      size: choices([16, 32]),
      mixed: choices(["auto", 1, true, null]),
      epochs: fidelity(1, 81, 3),
      weights: uniform(0, 1, { shape: 3 }),
      grid: uniform(0, 1, { shape: [2, 3] }),
      words: choices(["a", "b"], { shape: [2] }),
    };
    expectTypeOf<ParamsOf<typeof space>>().toEqualTypeOf<{
      readonly lr: number;
      readonly layers: number;
      readonly noise: number;
      readonly act: "relu" | "tanh";
      readonly size: 16 | 32;
      readonly mixed: "auto" | 1 | true | null;
      readonly epochs: number;
      readonly weights: readonly number[];
      readonly grid: readonly (readonly number[])[];
      readonly words: readonly ("a" | "b")[];
    }>();
    expect(Object.keys(space)).toHaveLength(10);
  });

  it("follow from the text of a prior as far as it tells", () => {
    expectTypeOf<ValueOfText<"loguniform(1e-5, 1)">>().toEqualTypeOf<number>();
    expectTypeOf<ValueOfText<" uniform(1, 8, discrete=True) ">>().toEqualTypeOf<number>();
    expectTypeOf<ValueOfText<"norm(0, 1)">>().toEqualTypeOf<number>();
    expectTypeOf<ValueOfText<"fidelity(1, 81, base=3)">>().toEqualTypeOf<number>();
    expectTypeOf<ValueOfText<"uniform(0, 1, shape=3)">>().toEqualTypeOf<readonly number[]>();
    expectTypeOf<readonly (readonly number[])[]>().toExtend<ValueOfText<"uniform(0, 1, shape=(2, 3))">>();
    expectTypeOf<ValueOfText<"choices(['relu', \"tanh\"])">>().toEqualTypeOf<"relu" | "tanh">();
    expectTypeOf<ValueOfText<"choices(['a', 'b'], default_value='a')">>().toEqualTypeOf<"a" | "b">();
    expectTypeOf<ValueOfText<"choices([1, 2.5, True, None])">>().toEqualTypeOf<number | true | null>();
    expectTypeOf<ValueOfText<"choices([[1, 2], 'a'])">>().toEqualTypeOf<ParamValue>();
    expectTypeOf<ValueOfText<"choices({'a': 0.2, 'b': 0.8})">>().toEqualTypeOf<ParamValue>();
    expectTypeOf<ValueOfText<"choices(['it\\'s'])">>().toEqualTypeOf<ParamValue>();
    expectTypeOf<ValueOfText<string>>().toEqualTypeOf<ParamValue>();
  });

  it("know the names of groups with their dots", () => {
    const space = {
      model: { act: choices(["relu", "tanh"]), size: { n: uniform(0, 1) } },
      lr: "uniform(0, 1)",
    } as const;
    expectTypeOf<ParamsOf<typeof space>>().toEqualTypeOf<{
      readonly "model.act": "relu" | "tanh";
      readonly "model.size.n": number;
      readonly lr: number;
    }>();
  });

  it("know names without the slash of the command line, and are wide where the space is not known", () => {
    expectTypeOf<ParamsOf<{ "/lr": "uniform(0, 1)" }>>().toEqualTypeOf<{ readonly lr: number }>();
    expectTypeOf<ParamsOf<SpaceInput>>().toEqualTypeOf<Params>();
  });
});

describe("the types of a client", () => {
  it("reach suggestions, rows and statistics, and refuse what is misspelt", () => {
    const check = async () => {
      const space = { lr: "loguniform(1e-5, 1)", act: choices(["relu", "tanh"]), id: "uniform(0, 1)" } as const;
      const client = await orion.createExperiment({ name: "e", space });
      const trial = await client.suggest();
      expectTypeOf(trial.params.act).toEqualTypeOf<"relu" | "tanh">();
      expectTypeOf(trial.params.lr).toEqualTypeOf<number>();
      // @ts-expect-error there is no such parameter
      trial.params.lrr;
      // @ts-expect-error parameters do not change
      trial.params.lr = 1;
      expectTypeOf((await client.stats()).best!.params).toEqualTypeOf(trial.params);
      const [row] = await client.toRows();
      expectTypeOf(row!.act).toEqualTypeOf<"relu" | "tanh">();
      expectTypeOf(row!.id).toEqualTypeOf<string>();
      expectTypeOf(row!["params.id"]).toEqualTypeOf<number>();
      await client.insert({ lr: 1 });
      // @ts-expect-error no such category
      await client.insert({ act: "sigmoid" });
      // @ts-expect-error a text is no result
      await client.observe(trial, "0.5");
      await client.observe(trial, { objective: 1, accuracy: 0.9 });
      await client.observe(trial, [{ type: "objective", value: 1 }]);
    };
    expect(check).toBeTypeOf("function");
  });

  it("follow from a space written in the call", () => {
    const check = async () => {
      const client = await orion.createExperiment({
        name: "e",
        space: { act: "choices(['a', 'b'])", n: "uniform(0, 1)" },
      });
      const { params } = await client.suggest();
      expectTypeOf(params).toEqualTypeOf<{ readonly act: "a" | "b"; readonly n: number }>();
      const stored = await orion.createExperiment({ name: "e" });
      expectTypeOf((await stored.suggest()).params).toEqualTypeOf<Params>();
    };
    expect(check).toBeTypeOf("function");
  });

  it("reach functions, with their constants", () => {
    const check = async () => {
      const client = await orion.createExperiment({ name: "e", space: { x: "uniform(0, 1)" } });
      await client.workon((params, trial, { signal }) => {
        expectTypeOf(params.x).toEqualTypeOf<number>();
        expectTypeOf(trial.workingDir).toEqualTypeOf<string>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        // @ts-expect-error there is no such parameter
        return params.y;
      });
      await client.workon(({ x, data }) => x * data.length, { constants: { data: [1, 2] } });
      await client.workon(async ({ x }) => ({ objective: x, more: "facts" }), { nWorkers: 2 });
      // @ts-expect-error a constant must not hide a parameter
      await client.workon(({ x }) => x, { constants: { x: 1 } });
      // @ts-expect-error a text is no result
      await client.workon(() => "0.5");
      const weigh = ({ x, factor }: { x: number; factor: number }) => x * factor;
      await client.workon(weigh, { constants: { factor: 2 } });
      await orion.workon(weigh, { space: { x: uniform(0, 1) }, constants: { factor: 2 } });
      // @ts-expect-error nobody gives it its factor
      await client.workon(weigh);
      // @ts-expect-error nobody gives it its factor
      await orion.workon(weigh, { space: { x: uniform(0, 1) } });
      await client.workon(new URL("file:///objective.js"), { exportName: "train" });
      const once = await orion.workon(({ x }) => x, { space: { x: uniform(0, 1) }, maxTrials: 3 });
      expectTypeOf((await once.fetchTrials())[0]!.params).toEqualTypeOf<{ readonly x: number }>();
    };
    expect(check).toBeTypeOf("function");
  });

  it("of a certain space are those of any space", () => {
    const check = async <Any>(some: library.ExperimentClient<Any>) => {
      const client = await orion.createExperiment({ name: "e", space: { x: uniform(0, 1), act: choices(["a", "b"]) } });
      const all: library.ExperimentClient<unknown>[] = [client, some];
      const objects: library.ExperimentClient<object>[] = [client];
      const records: library.ExperimentClient<Record<string, unknown>>[] = [client];
      const params: library.ExperimentClient<Params>[] = [client];
      expectTypeOf(client).toExtend<library.ExperimentReader<unknown>>();
      expectTypeOf(await client.suggest()).toExtend<library.SuggestedTrial<unknown>>();
      return [all, objects, records, params];
    };
    expect(check).toBeTypeOf("function");
  });

  it("offer only what the mode allows", () => {
    const check = async () => {
      const reader = await orion.getExperiment<{ readonly x: number }>("e");
      expectTypeOf((await reader.fetchTrials())[0]!.params.x).toEqualTypeOf<number>();
      // @ts-expect-error a reader cannot write
      reader.insert;
      const writer = await orion.getExperiment<{ readonly x: number }>("e", { mode: "w" });
      await writer.insert({ x: 1 });
      // @ts-expect-error a writer cannot work
      writer.suggest;
      // @ts-expect-error to work on it, it is created
      await orion.getExperiment("e", { mode: "x" });
    };
    expect(check).toBeTypeOf("function");
  });
});
