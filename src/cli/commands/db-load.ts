import { defineCommand } from "../command.js";
import { addStorageOptions, type CommonOptions } from "../common-options.js";
import { refuseTransfer } from "../refuse-transfer.js";

/** `orion db load`: not there yet; says what to do meanwhile. */
export default defineCommand<Pick<CommonOptions, "config" | "storage">>({
  configure(command) {
    addStorageOptions(command).allowUnknownOption().allowExcessArguments();
  },
  run: ({ terminal, options }) => refuseTransfer(terminal, { command: "orion db load", options }),
});
