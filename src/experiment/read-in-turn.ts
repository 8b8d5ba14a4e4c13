/**
 * Reads one at a time where many may ask at once. A call is answered by a read that begins after it, so it sees all that
 * was written before; calls that wait for the same turn share one read, so a crowd of them costs two.
 *
 * @param read - Goes on from where the one before it left, so two must never overlap. It may fail: those who wait for it
 *   are told, and the next one begins as if nothing had happened.
 */
export function readInTurn<Answer>(read: () => Promise<Answer>): () => Promise<Answer> {
  let last: Promise<unknown> = Promise.resolve();
  /** Has not begun. */
  let next: Promise<Answer> | undefined;
  return () => {
    if (next !== undefined) return next;
    next = last.then(() => {
      next = undefined;
      return read();
    });
    last = next.catch(() => {});
    return next;
  };
}
