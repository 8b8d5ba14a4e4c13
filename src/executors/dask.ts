import type { ExecutorModule } from "./executor.js";
import { bridgeOptions, checkPython, openPythonCluster, type PythonCluster } from "./python-bridge.js";

const cluster: PythonCluster = {
  name: "dask",
  pythonModule: "distributed",
  remedy: "Install it there: python3 -m pip install distributed (Debian: apt install python3-distributed).",
};

export default {
  summary: "On the workers of a Dask cluster that shares this machine's files.",
  canInterrupt: true,
  takesClosures: false,
  startsElsewhere: true,
  options: bridgeOptions,
  passesOptionsTo: "distributed.Client",
  check: (settings) => checkPython(cluster, settings),
  open: (settings) => openPythonCluster(cluster, settings),
} satisfies ExecutorModule;
