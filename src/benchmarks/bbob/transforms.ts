/** i / (d − 1) for i = 0 … d − 1: how far along the coordinates one stands. */
export function along(i: number, dimensions: number): number {
  return i / (dimensions - 1);
}

/** Makes a smooth function bumpy: T_osz. Odd at 0 and increasing. */
export function oscillate(x: number): number {
  if (x === 0) return 0;
  const log = Math.log(Math.abs(x));
  const waves = x > 0 ? Math.sin(10 * log) + Math.sin(7.9 * log) : Math.sin(5.5 * log) + Math.sin(3.1 * log);
  return Math.sign(x) * Math.exp(log + 0.049 * waves);
}

/** Breaks the symmetry in place: T_asy^β, positive coordinates grow with their index. */
export function skew(x: Float64Array, beta: number): void {
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]!;
    if (xi > 0) x[i] = xi ** (1 + beta * along(i, x.length) * Math.sqrt(xi));
  }
}

/** Stretch in place by Λ^α: coordinate i by α^(i / 2(d − 1)). */
export function stretch(x: Float64Array, alpha: number): void {
  for (let i = 0; i < x.length; i++) x[i]! *= alpha ** (along(i, x.length) / 2);
}

/** `target` = M · (x − shift), M (d × d) row-major. `target` is neither of the others. */
export function multiply(
  matrix: Float64Array,
  x: Float64Array,
  target: Float64Array,
  shift: Float64Array | undefined = undefined,
): void {
  const d = x.length;
  for (let row = 0; row < d; row++) {
    let sum = 0;
    for (let i = 0; i < d; i++) sum += matrix[row * d + i]! * (shift === undefined ? x[i]! : x[i]! - shift[i]!);
    target[row] = sum;
  }
}

/** The matrix A · Λ^α · B, all (d × d) row-major. */
export function stretchedProduct(a: Float64Array, alpha: number, b: Float64Array): Float64Array {
  const d = Math.sqrt(a.length);
  const product = new Float64Array(d * d);
  for (let row = 0; row < d; row++) {
    for (let column = 0; column < d; column++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += a[row * d + k]! * alpha ** (along(k, d) / 2) * b[k * d + column]!;
      product[row * d + column] = sum;
    }
  }
  return product;
}

/** f_pen: the squared distance outside of [−5, 5]ᵈ, coordinate by coordinate. */
export function penalty(x: Float64Array): number {
  let sum = 0;
  for (const xi of x) sum += Math.max(0, Math.abs(xi) - 5) ** 2;
  return sum;
}

/** 10 (d − Σ cos 2πzᵢ), the ripples of Rastrigin's function. */
export function ripples(z: Float64Array): number {
  let sum = 0;
  for (const zi of z) sum += 1 - Math.cos(2 * Math.PI * zi);
  return 10 * sum;
}

export function squaredNorm(z: Float64Array): number {
  let sum = 0;
  for (const zi of z) sum += zi ** 2;
  return sum;
}
