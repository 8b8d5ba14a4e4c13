import threads from "../../src/executors/threads.js";
import { executorContract } from "../../src/testing/executor-contract.js";

executorContract("threads", {
  module: threads,
  exempt: [
    {
      promise: "a worker that is killed loses its call and no other",
      reason: "a signal is for the whole process, this one included",
    },
    {
      promise: "a close ends what runs at once, and leaves no process behind",
      reason: "what a thread starts is a child of this process, which nobody ends with the thread",
    },
  ],
});
