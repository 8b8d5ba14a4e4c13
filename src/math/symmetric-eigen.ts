/** A = Σ λᵢ vᵢ vᵢᵀ. */
export interface Eigensystem {
  /** Shape (n), ascending. */
  readonly values: Float64Array;
  /** Shape (n × n), row-major: row i is vᵢ, of length 1, orthogonal to the others. */
  readonly vectors: Float64Array;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder's reduction to a tridiagonal one, then implicit QL
 * steps with Wilkinson's shift. About 9 n³ multiplications, and none but +, −, ×, / and √: the same on every machine.
 *
 * @param a - Shape (n × n), row-major, finite; only the lower triangle is read.
 * @throws {RangeError} when an entry is not finite.
 * @see Golub & Van Loan 2013, "Matrix Computations", 4th ed., §8.3
 */
export function symmetricEigen(a: Float64Array, n: number): Eigensystem {
  const scale = largestEntry(a, n);
  if (!Number.isFinite(scale)) throw new RangeError("the matrix has an entry that is not finite");
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const vectors = identity(n);
  if (scale > 0) {
    // Entries of size 1 cannot overflow when they are squared.
    const work = Float64Array.from(a, (entry) => entry / scale);
    mirrorLower(work, n);
    tridiagonalize(work, { n, diagonal, beside, vectors });
    diagonalize({ n, diagonal, beside, vectors });
  }
  return sorted({ n, diagonal, vectors, scale });
}

interface Tridiagonal {
  readonly n: number;
  /** Shape (n). */
  readonly diagonal: Float64Array;
  /** Shape (n): entry i stands beside diagonal i and i + 1; the last one is 0. */
  readonly beside: Float64Array;
  /** Shape (n × n): rows are the basis in which the matrix has this form. */
  readonly vectors: Float64Array;
}

/** Largest |entry| of the lower triangle, NaN if there is one. */
function largestEntry(a: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const size = Math.abs(a[i * n + j]!);
      if (!(size <= largest)) largest = size;
      if (Number.isNaN(largest)) return largest;
    }
  }
  return largest;
}

function identity(n: number): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = 1;
  return matrix;
}

function mirrorLower(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[j * n + i] = a[i * n + j]!;
}

/** Reflections H = I − β v vᵀ, each of which clears a column below the subdiagonal: A ← H A H, Q ← H Q. */
function tridiagonalize(a: Float64Array, { n, diagonal, beside, vectors }: Tridiagonal): void {
  const v = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    const head = a[(k + 1) * n + k]!;
    let square = 0;
    for (let i = k + 2; i < n; i++) {
      v[i] = a[i * n + k]!;
      square += v[i]! ** 2;
    }
    if (square < tiniest) continue; // the column is clear already
    const length = Math.sqrt(square + head * head);
    const target = head > 0 ? -length : length; // away from the head, so that nothing cancels
    v[k + 1] = head - target;
    const beta = 1 / (length * (length + Math.abs(head)));
    reflectBothSides(a, { n, from: k + 1, v, w, beta });
    reflectRows(vectors, { n, from: k + 1, v, w, beta });
    a[(k + 1) * n + k] = target;
  }
  for (let i = 0; i < n; i++) {
    diagonal[i] = a[i * n + i]!;
    beside[i] = i < n - 1 ? a[(i + 1) * n + i]! : 0;
  }
}

/** Squares of entries that vanish beside 1, and whose reciprocals are still numbers. */
const tiniest = 1e-280;

interface Reflection {
  readonly n: number;
  /** Entries of v before this one are 0. */
  readonly from: number;
  readonly v: Float64Array;
  /** Room for as many numbers as v has. */
  readonly w: Float64Array;
  readonly beta: number;
}

/** A ← H A H on the trailing square: A − v wᵀ − w vᵀ with p = β A v and w = p − ½ β (pᵀ v) v. */
function reflectBothSides(a: Float64Array, { n, from, v, w, beta }: Reflection): void {
  let along = 0;
  for (let i = from; i < n; i++) {
    let sum = 0;
    for (let j = from; j < n; j++) sum += a[i * n + j]! * v[j]!;
    w[i] = beta * sum;
    along += w[i]! * v[i]!;
  }
  for (let i = from; i < n; i++) w[i]! -= 0.5 * beta * along * v[i]!;
  for (let i = from; i < n; i++) {
    for (let j = from; j < n; j++) a[i * n + j]! -= v[i]! * w[j]! + w[i]! * v[j]!;
  }
}

/** Q ← H Q. */
function reflectRows(q: Float64Array, { n, from, v, w, beta }: Reflection): void {
  w.fill(0);
  for (let i = from; i < n; i++) for (let j = 0; j < n; j++) w[j]! += v[i]! * q[i * n + j]!;
  for (let i = from; i < n; i++) for (let j = 0; j < n; j++) q[i * n + j]! -= beta * v[i]! * w[j]!;
}

/** QL steps make the entries beside the diagonal vanish, one after the other from the top. */
function diagonalize(system: Tridiagonal): void {
  const { n, diagonal, beside } = system;
  for (let top = 0; top < n; top++) {
    for (let step = 0; step < mostSteps; step++) {
      let bottom = top;
      while (bottom < n - 1 && !isNegligible(beside[bottom]!, diagonal[bottom]!, diagonal[bottom + 1]!)) bottom++;
      if (bottom === top) break;
      qlStep(system, top, bottom);
    }
  }
}

/** Two or three are usual; a matrix that needs more than this does not exist. */
const mostSteps = 64;

/** Beside the largest entry, which is 1. */
const negligible = 1e-100;

function isNegligible(entry: number, before: number, after: number): boolean {
  return Math.abs(entry) <= Number.EPSILON * (Math.abs(before) + Math.abs(after)) + negligible;
}

/** One implicit QL step on rows `top` … `bottom`: a rotation at the bottom, and then the bulge is chased to the top. */
function qlStep({ n, diagonal, beside, vectors }: Tridiagonal, top: number, bottom: number): void {
  const half = (diagonal[top + 1]! - diagonal[top]!) / (2 * beside[top]!);
  const root = Math.sqrt(half * half + 1);
  // Wilkinson's shift: the eigenvalue of the upper 2 × 2 corner that is nearer to its first entry
  let g = diagonal[bottom]! - diagonal[top]! + beside[top]! / (half + (half < 0 ? -root : root));
  let sine = 1;
  let cosine = 1;
  let shift = 0;
  for (let i = bottom - 1; i >= top; i--) {
    const f = sine * beside[i]!;
    const b = cosine * beside[i]!;
    const r = hypotenuse(f, g);
    beside[i + 1] = r;
    if (r === 0) {
      // the matrix has fallen into two
      diagonal[i + 1]! -= shift;
      beside[bottom] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = diagonal[i + 1]! - shift;
    const t = (diagonal[i]! - g) * sine + 2 * cosine * b;
    shift = sine * t;
    diagonal[i + 1] = g + shift;
    g = cosine * t - b;
    rotateRows(vectors, { n, row: i, sine, cosine });
  }
  diagonal[top]! -= shift;
  beside[top] = g;
  beside[bottom] = 0;
}

/** √(a² + b²) where the squares may vanish; `Math.hypot` is not the same everywhere. */
function hypotenuse(a: number, b: number): number {
  const [long, short] = Math.abs(a) > Math.abs(b) ? [Math.abs(a), Math.abs(b)] : [Math.abs(b), Math.abs(a)];
  if (long === 0) return 0;
  const ratio = short / long;
  return long * Math.sqrt(1 + ratio * ratio);
}

interface Rotation {
  readonly n: number;
  /** With the row after it. */
  readonly row: number;
  readonly sine: number;
  readonly cosine: number;
}

function rotateRows(q: Float64Array, { n, row, sine, cosine }: Rotation): void {
  const start = row * n;
  for (let k = start; k < start + n; k++) {
    const upper = q[k]!;
    const lower = q[k + n]!;
    q[k] = cosine * upper - sine * lower;
    q[k + n] = sine * upper + cosine * lower;
  }
}

function sorted({ n, diagonal, vectors, scale }: Omit<Tridiagonal, "beside"> & { scale: number }): Eigensystem {
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[a]! - diagonal[b]! || a - b);
  const inOrder = new Float64Array(n * n);
  for (const [to, from] of order.entries()) inOrder.set(vectors.subarray(from * n, (from + 1) * n), to * n);
  return { values: Float64Array.from(order, (i) => diagonal[i]! * scale), vectors: inOrder };
}
