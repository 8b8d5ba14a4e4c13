import { UsageError } from "../errors.js";
import { nearestName } from "../nearest-name.js";
import { type Algorithm, defineAlgorithm } from "./algorithm.js";
import cmaes from "./cmaes/cmaes.js";
import de from "./de/de.js";
import random from "./random.js";
import sobol from "./sobol.js";
import { suggestTrial } from "./suggest-trial.js";

interface NevergradOptions {
  readonly model_name: string;
  /** Accepted, since configurations have them; nothing of ours needs to know. */
  readonly budget: number;
  readonly num_workers: number;
}

/** Models of Nevergrad by what is nearest to them here. */
const models: readonly { readonly name: string; readonly algorithm: Algorithm; readonly models: readonly string[] }[] =
  [
    {
      name: "cmaes",
      algorithm: cmaes,
      models: [
        ...["NGOpt", "NGO", "NGOptBase", "Shiwa", "ABBO", "CM", "CMandAS2", "CMandAS3", "ParaPortfolio", "MultiCMA"],
        ...["CMA", "DiagonalCMA", "FCMA", "OldCMA", "CMAbounded", "CMAsmall", "CMAstd", "CMApara", "CMAtuning", "ECMA"],
        ...["TripleCMA", "PolyCMA", "MetaModel", "EDA", "EMNA", "PCEDA", "MPCEDA", "TBPSA", "NaiveTBPSA", "OnePlusOne"],
      ],
    },
    {
      name: "de",
      algorithm: de,
      models: [
        ...[
          "DE",
          "OnePointDE",
          "TwoPointsDE",
          "RotatedTwoPointsDE",
          "ParametrizationDE",
          "LhsDE",
          "LHSDE",
          "QrDE",
          "QODE",
        ],
        ...["MiniDE", "MiniLhsDE", "MiniQrDE", "NoisyDE", "AlmostRotationInvariantDE", "RotationInvariantDE", "SPQODE"],
        ...["PSO", "RealSpacePSO", "QOPSO", "SPSO", "DiscreteOnePlusOne", "FastGADiscreteOnePlusOne", "ES", "RecES"],
      ],
    },
    {
      name: "sobol",
      algorithm: sobol,
      models: [
        ...["LHSSearch", "HaltonSearch", "ScrHaltonSearch", "LargeHaltonSearch", "HammersleySearch", "MetaRecentering"],
        ...["ScrHammersleySearch", "LargeHammersleySearch", "AvgMetaRecenteringNoHull", "QOScrHammersleySearch"],
      ],
    },
    { name: "random", algorithm: random, models: ["RandomSearch", "QORandomSearch", "RandomSearchPlusMiddlePoint"] },
  ];

/** Models without a counterpart: why, and what to use. */
const refused: readonly { readonly models: readonly string[]; readonly reason: string; readonly instead: string }[] = [
  {
    models: ["NelderMead", "Powell", "Cobyla", "SQP", "BOBYQA", "SPSA", "RCobyla", "RPowell", "RSQP", "ChainNMPowell"],
    reason: "goes on from one result to the next, so that all workers but one would wait",
    instead: "Use `algorithm: cmaes`, which descends as well and keeps every worker busy.",
  },
  {
    models: ["BO", "BOSplit", "BayesOptimBO", "PCABO", "NGOptRW", "HyperOpt", "AX", "SMAC3"],
    reason: "is a model of the objective from another package",
    instead: "Use `algorithm: gp` or `algorithm: tpe`.",
  },
  {
    models: ["NoisyBandit", "OptimisticNoisyOnePlusOne", "NoisyOnePlusOne", "NoisyDiscreteOnePlusOne", "NoisySplit"],
    reason: "evaluates the same parameters again and again, which are one trial here",
    instead: "Use `algorithm: cmaes`, and let the program average over its runs.",
  },
];

/** For configurations that name Nevergrad: the nearest algorithm of ours. */
export default defineAlgorithm<NevergradOptions>({
  summary:
    "A name for those who come from Nevergrad: runs cmaes, de, sobol or random, whichever is nearest to its model.",
  paper: "Rapin & Teytaud 2018, https://github.com/facebookresearch/nevergrad",
  requires: {},
  defaults: { model_name: "NGOpt", budget: 100, num_workers: 10 },
  basis: "history",
  check: ({ model_name }, space) => {
    const { algorithm } = counterpartOf(model_name);
    algorithm.check?.(algorithm.defaults, space);
  },
  notes: ({ model_name }) => [
    `Nevergrad's ${model_name} is not part of orion: ${counterpartOf(model_name).name}, the nearest there is, runs in its place.`,
  ],
  suggest: (context) => {
    const { algorithm } = counterpartOf(context.options.model_name);
    return suggestTrial(algorithm, { ...context, options: { ...algorithm.defaults } });
  },
});

function counterpartOf(model: string): { readonly name: string; readonly algorithm: Algorithm } {
  const counterpart = models.find((entry) => entry.models.includes(model));
  if (counterpart !== undefined) return counterpart;
  const refusal = refused.find((entry) => entry.models.includes(model));
  if (refusal !== undefined) throw new UsageError(`nevergrad: the model ${model} ${refusal.reason}.`, refusal.instead);
  const known = models.flatMap((entry) => entry.models);
  const nearest = typeof model === "string" ? nearestName(model, known) : undefined;
  throw new UsageError(
    `nevergrad: model_name is ${JSON.stringify(model)}, which has no counterpart here.`,
    `${nearest === undefined ? "" : `Did you mean ${nearest}? `}There are ${known.sort().join(", ")}; or name an algorithm of orion itself.`,
  );
}
