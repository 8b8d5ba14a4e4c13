import { gallagher21, gallagher101 } from "./gallagher.js";
import { bentCigar, differentPowers, discus, ellipsoid, sharpRidge } from "./ill-conditioned.js";
import type { Instance, Landscape } from "./instance.js";
import { attractiveSector, rosenbrock, rotatedRosenbrock, stepEllipsoid } from "./moderate.js";
import { griewankRosenbrock, illConditionedSchaffers, rastrigin, schaffers, weierstrass } from "./multimodal.js";
import { bucheRastrigin, linearSlope, separableEllipsoid, separableRastrigin, sphere } from "./separable.js";
import { katsuura, lunacek, schwefel } from "./weakly-structured.js";

/** The functions f1 … f24 in their order. */
export const bbobFunctions: readonly ((instance: Instance) => Landscape)[] = [
  sphere,
  separableEllipsoid,
  separableRastrigin,
  bucheRastrigin,
  linearSlope,
  attractiveSector,
  stepEllipsoid,
  rosenbrock,
  rotatedRosenbrock,
  ellipsoid,
  discus,
  bentCigar,
  sharpRidge,
  differentPowers,
  rastrigin,
  weierstrass,
  schaffers,
  illConditionedSchaffers,
  griewankRosenbrock,
  schwefel,
  gallagher101,
  gallagher21,
  katsuura,
  lunacek,
];
