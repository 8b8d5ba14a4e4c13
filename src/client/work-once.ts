import { createExperiment, type ExperimentOptions, experimentOptions } from "./create-experiment.js";
import type { ExperimentClient } from "./experiment-client.js";
import { type WorkonOptions, workonOptions } from "./objective.js";
import { requireOptions, takeOptions } from "./require-options.js";
import type { ParamsOf, SpaceInput } from "./typed-space.js";
import type { ClientWorld } from "./world.js";

/** An experiment that is thrown away, and how to work on it; the limits belong to both. */
export type WorkOnceOptions<Space extends SpaceInput, Constants> = Omit<
  ExperimentOptions<Space>,
  "name" | "version" | "space" | "storage" | "onChange"
> &
  WorkonOptions<ParamsOf<Space>, Constants> & { readonly name?: string; readonly space: Space };

const { version: _, storage: __, onChange: ___, ...ofExperiment } = experimentOptions;
const onceOptions = { ...ofExperiment, ...workonOptions };

interface Once<Space extends SpaceInput, Constants> {
  readonly objective: unknown;
  readonly options: WorkOnceOptions<Space, Constants> & { readonly exportName?: string };
}

/**
 * Evaluate a function in an experiment that lives in memory.
 *
 * @returns The client, with all that was found; it forgets everything when it is closed.
 */
export async function workOnce<Space extends SpaceInput, Constants>(
  world: ClientWorld,
  { objective, options }: Once<Space, Constants>,
): Promise<ExperimentClient<ParamsOf<Space>>> {
  requireOptions("workon", options, onceOptions);
  const { maxTrials, maxBroken, ...more } = takeOptions(options, workonOptions);
  const client = await createExperiment<Space>(world, {
    ...takeOptions(options, experimentOptions),
    ...{ name: options.name ?? "loop", storage: "memory:" },
  });
  try {
    // The experiment has its number of trials; its limit of broken ones is that of the call, too.
    const limits = maxBroken === undefined ? {} : { maxBroken };
    // A function or a module: the front door has the types of both.
    await client.workon<Constants>(objective as URL, { ...more, ...limits } as object);
    return client;
  } catch (error) {
    await client.close();
    throw error;
  }
}
