import type { ReportMessage } from "./messages.js";

/** Reports on their way to the one who started the call; answers come in the order of the reports. */
export interface RemoteReports {
  onReport(step: number, value: number): Promise<void>;
  /** An answer has come. */
  answered(): void;
}

export function sendReports(send: (message: ReportMessage) => void): RemoteReports {
  const waiting: (() => void)[] = [];
  return {
    onReport: (step, value) =>
      new Promise((settle) => {
        waiting.push(settle);
        send({ orion: "report", step, value });
      }),
    answered: () => waiting.shift()?.(),
  };
}
