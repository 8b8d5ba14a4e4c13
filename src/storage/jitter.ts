let state = process.pid;

/**
 * Uniform in [0, 1), different in each process: for the length of pauses, so that workers which collided once, or lost a
 * server together, do not meet again. The one randomness here that no result depends on.
 */
export function jitter(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}
