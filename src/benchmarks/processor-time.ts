/**
 * Milliseconds of processor time that this process has used: what a suggestion costs, whatever else the machine does.
 * Other threads of the process, such as those that collect garbage, count too.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
