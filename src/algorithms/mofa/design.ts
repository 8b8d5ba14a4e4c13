import { keyedRng, type Rng } from "../../math/rng.js";

export interface DesignRequest {
  /** λ ≥ 1: how often each combination of `strength` levels occurs in any `strength` columns. */
  readonly index: number;
  /** q, a prime of at least `columns` − 1 for strength 2. */
  readonly levels: number;
  readonly strength: 1 | 2;
  readonly columns: number;
  readonly key: readonly (string | number)[];
}

/** Shape (N × columns), row-major, N = λ q^strength. */
export interface Design {
  readonly count: number;
  /** Levels 0 … q − 1. */
  readonly levels: Uint8Array;
  /** In (0, 1): each column has one point in each of N equal intervals. */
  readonly points: Float64Array;
}

/**
 * A Latin hypercube on an orthogonal array: any one (strength 1) or two (strength 2) columns hold all combinations of
 * levels equally often, and each column by itself all N intervals once.
 *
 * The array of strength 2 is that of Bose and Bush for a prime q: rows (i, j), columns i, j, j + i, j + 2 i, … modulo q.
 * Its levels are permuted at random, in each of the λ copies anew.
 *
 * @see Tang 1993, "Orthogonal Array-Based Latin Hypercubes", §2, https://doi.org/10.1080/01621459.1993.10476423
 */
export function orthogonalLatinHypercube({ index, levels: q, strength, columns, key }: DesignRequest): Design {
  const rng = keyedRng(...key);
  const size = q ** strength;
  const count = index * size;
  const levels = new Uint8Array(count * columns);
  for (let copy = 0; copy < index; copy++) {
    for (let column = 0; column < columns; column++) {
      const names = permutation(q, rng);
      const order = strength === 1 ? permutation(size, rng) : undefined;
      for (let row = 0; row < size; row++) {
        const level = order === undefined ? entry(row, column, q) : order[row]! % q;
        levels[(copy * size + row) * columns + column] = names[level]!;
      }
    }
  }
  return { count, levels, points: latinPoints({ levels, count, columns, q, rng }) };
}

/** Of the orthogonal array of strength 2. */
function entry(row: number, column: number, q: number): number {
  const [i, j] = [Math.floor(row / q), row % q];
  return column === 0 ? i : (j + (column - 1) * i) % q;
}

interface Latin {
  readonly levels: Uint8Array;
  readonly count: number;
  readonly columns: number;
  readonly q: number;
  readonly rng: Rng;
}

/** The rows of a level share its N / q intervals among each other at random. */
function latinPoints({ levels, count, columns, q, rng }: Latin): Float64Array {
  const points = new Float64Array(count * columns);
  const perLevel = count / q;
  for (let column = 0; column < columns; column++) {
    const free = Array.from({ length: q }, () => permutation(perLevel, rng));
    for (let row = 0; row < count; row++) {
      const at = row * columns + column;
      const level = levels[at]!;
      points[at] = (level * perLevel + free[level]!.pop()! + rng.next()) / count;
    }
  }
  return points;
}

function permutation(count: number, rng: Rng): number[] {
  const left = Array.from({ length: count }, (_, i) => i);
  return left.map((_, i) => {
    const at = i + rng.below(count - i);
    [left[i], left[at]] = [left[at]!, left[i]!];
    return left[i]!;
  });
}
