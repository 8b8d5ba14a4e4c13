import type { ExecutorModule } from "./executor.js";
import { bridgeOptions, checkPython, openPythonCluster, type PythonCluster } from "./python-bridge.js";

const cluster: PythonCluster = {
  name: "ray",
  pythonModule: "ray",
  remedy: "Install it there: python3 -m pip install ray.",
};

export default {
  summary: "On the workers of a Ray cluster that shares this machine's files.",
  canInterrupt: true,
  takesClosures: false,
  startsElsewhere: true,
  options: bridgeOptions,
  passesOptionsTo: "ray.init",
  check: (settings) => checkPython(cluster, settings),
  open: (settings) => openPythonCluster(cluster, settings),
} satisfies ExecutorModule;
