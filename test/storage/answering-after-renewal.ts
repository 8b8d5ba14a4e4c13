import type { Storage } from "../../src/storage/storage.js";

/** A database that stores the outcome of a trial, and answers when the lease has been renewed once more behind that. */
export function answeringAfterRenewal(storage: Storage): Pick<Storage, "renewLeases" | "finishTrial"> {
  let renewed = () => {};
  return {
    renewLeases: async (...words) => {
      const lost = await storage.renewLeases(...words);
      setImmediate(renewed);
      return lost;
    },
    finishTrial: async (...words) => {
      const fate = await storage.finishTrial(...words);
      await new Promise<void>((resolve) => {
        renewed = resolve;
      });
      return fate;
    },
  };
}
