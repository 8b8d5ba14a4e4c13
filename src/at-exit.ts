const calls = new Set<() => void>();

/**
 * Have this called when the process exits before it was taken back. There is one listener for all of them: Node takes
 * the eleventh for a leak, and a program may have more clients than that.
 *
 * @returns Takes it back.
 */
export function atExit(call: () => void): () => void {
  if (calls.size === 0) process.on("exit", callAll);
  calls.add(call);
  return () => {
    calls.delete(call);
    if (calls.size === 0) process.removeListener("exit", callAll);
  };
}

function callAll(): void {
  for (const call of calls) call();
}
