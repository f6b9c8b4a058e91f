import { type Check, problem, warning, well } from './check.ts';

/** Age beyond which a status file, rewritten every second, says that the agent hangs. */
const STALE_MS = 10_000;
const DAY_MS = 86_400_000;
const RENEWAL_MS = 5 * DAY_MS;
const HEAVY_SPOOL_BYTES = 100 * 1024 * 1024;

/** Checks of the agent as a process: does it run, who answers it, what waits, what does it take. */
export const serviceChecks: readonly Check[] = [
  {
    id: 'running',
    title: 'The agent runs',
    look: ({ pid, status, nowMs }) => {
      if (pid === undefined)
        return problem('No agent runs on this data folder.', 'Start the service, or "sentinel agent run".');
      if (status?.pid !== pid || nowMs - Date.parse(status.writtenAt) > STALE_MS)
        return problem(
          `Process ${pid} holds the data folder and says nothing.`,
          'Start the service anew; its log says what it did last.',
        );
      return well(`Process ${pid}, version ${status.agentVersion}, since ${status.startedAt}.`);
    },
  },
  {
    id: 'server',
    title: 'The server answers',
    look: ({ pid, status }) => {
      if (status === undefined || pid === undefined) return undefined;
      if (status.endpointId === undefined)
        return problem('This endpoint is not enrolled.', 'Run "sentinel agent enroll" with a token of the console.');
      if (status.isInContact) return well(`${status.serverUrl}, last at ${status.lastContactAt ?? 'the start'}.`);
      return problem(
        `${status.serverUrl} does not answer: ${status.lastProblem ?? 'no reason known'}.`,
        'Check address, proxy and firewall. Nothing is lost meanwhile: it waits in the spool.',
      );
    },
  },
  {
    id: 'spool',
    title: 'What waits',
    look: ({ status }) => {
      if (status === undefined) return undefined;
      const { spoolBatches, spoolBytes, batchesQuarantined } = status.counters;
      const says = `${spoolBatches} batches, ${mebibytes(spoolBytes)}.`;
      if (batchesQuarantined > 0)
        return warning(
          `${says} ${batchesQuarantined} were set aside as damaged or refused.`,
          'They lie in the folder "quarantine"; the log says why each is there.',
        );
      return spoolBytes > HEAVY_SPOOL_BYTES ? warning(says, 'The server has been away for long.') : well(says);
    },
  },
  {
    id: 'budget',
    title: 'What it takes',
    look: ({ status }) => {
      const health = status?.health;
      if (health === undefined) return undefined;
      const says = `${(health.cpuShare * 100).toFixed(1)} % of a processor, ${mebibytes(health.memoryBytes)} memory, ${mebibytes(health.diskBytes)} disk.`;
      const [first] = health.givenUp;
      if (first === undefined) return well(says);
      return warning(
        `${says} Given up: ${health.givenUp.map(({ feature }) => feature).join(', ')} (${first.reason}).`,
        'It comes back by itself once there is room; a script that floods is the usual cause.',
      );
    },
  },
  {
    id: 'records',
    title: 'What probes wrote',
    look: ({ status }) => {
      if (status === undefined) return undefined;
      const { recordsMalformed, activitiesDropped, runsSeen } = status.counters;
      if (recordsMalformed === 0 && activitiesDropped === 0) return well(`${runsSeen} runs, nothing lost.`);
      return warning(
        `${recordsMalformed} records could not be read, ${activitiesDropped} activities were dropped by probes.`,
        'Records that were set aside lie in the folder "quarantine".',
      );
    },
  },
  {
    id: 'trust',
    title: 'Operators and policies',
    look: ({ status, nowMs }) => {
      const trust = status?.trust;
      if (trust === undefined) return undefined;
      if (trust.bundlesRefused + trust.actionsRefused > 0)
        return problem(
          `${trust.bundlesRefused} bundles and ${trust.actionsRefused} actions were refused: ${trust.lastRefusal ?? ''}.`,
          'Somebody sent what operators did not sign, or a key was changed: ask the security team.',
        );
      if (!trust.hasOperatorKeys)
        return warning(
          'No operator is known here: policies and actions are not taken.',
          'Name them once with --organisation and --operator-key.',
        );
      if (trust.isPolicyStale)
        return warning(
          `Bundle ${trust.policyVersion ?? ''} is past its date.`,
          'Publish a newer one; the old one goes on.',
        );
      const ageMs = nowMs - Date.parse(trust.keyMadeAt);
      if (ageMs > 30 * DAY_MS - RENEWAL_MS)
        return warning(
          'The key of this endpoint is about to end and was not renewed.',
          'It renews once the server answers.',
        );
      return well(
        trust.policyVersion === undefined
          ? 'No policy is in force.'
          : `Bundle ${trust.policyVersion}, mode ${trust.mode}.`,
      );
    },
  },
];

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
