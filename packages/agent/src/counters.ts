import type { AgentCounters } from '@sentinel/protocol';

/** Counters since the start of the agent; the gauges among them are set when they are read. */
export function newCounters(): AgentCounters {
  return {
    runsSeen: 0,
    runsOpen: 0,
    recordsMalformed: 0,
    activitiesDropped: 0,
    batchesSpooled: 0,
    batchesShipped: 0,
    batchesQuarantined: 0,
    spoolBatches: 0,
    spoolBytes: 0,
  };
}
