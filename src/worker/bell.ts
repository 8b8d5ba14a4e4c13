/** Wakes whoever waits for the next ring. */
export interface Bell {
  ring(): void;
  next(): Promise<void>;
}

export function createBell(): Bell {
  let wake = () => {};
  let rung = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return {
    ring: () => {
      wake();
      rung = new Promise<void>((resolve) => {
        wake = resolve;
      });
    },
    next: () => rung,
  };
}
