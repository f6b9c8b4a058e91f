/**
 * Processor time of this thread in milliseconds, or the clock where Node does not tell it. Limits on work are counted in
 * it: what else the machine does must not change an answer.
 */
export function threadMs(): number {
  if (typeof process.threadCpuUsage !== 'function') return performance.now();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
