import type { Client } from '@sentinel/client';
import type { RuleTrial } from '@sentinel/protocol';
import type { Command } from 'commander';
import { attemptOnServer, connectToServer, type ServerOptions, withServerOptions } from '../connect-to-server.ts';
import { momentOf } from '../moment-of.ts';

interface TryOptions extends ServerOptions {
  readonly since: string;
  readonly until?: string;
  readonly json?: true;
}

/** Adds `sentinel rules`. */
export function registerRules(program: Command): void {
  const rules = program
    .command('rules')
    .summary('what the rules of now would find in stored runs')
    .description('The rules that judge runs, tried on what is stored. Nothing changes.');
  withServerOptions(rules.command('try'))
    .description(
      'Says what the rules, labels, hours and lists of now would find in stored runs, beside what was found in them.',
    )
    .option('--since <time>', 'runs from then on: 2026-01-31, a full time, or a span such as 90d or 12h', '30d')
    .option('--until <time>', 'runs before then (default: now)')
    .option('--json', 'print one object as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sentinel rules try
  sentinel rules try --since 90d --json | jq '.rules[] | select(.fresh > 0)'

The token needs data.manage. A trial is kept in the audit log.
Exit codes: 0 tried, 1 the server did not answer or refused, or a rule broke on a run.`,
    )
    .action((options: TryOptions) =>
      attemptOnServer('rules try', async () => {
        const trial = await tryAll(connectToServer(options), options);
        process.stdout.write(options.json === true ? `${JSON.stringify(trial)}\n` : formatTrial(trial));
        if (trial.failures > 0) process.exitCode = 1;
      }),
    );
}

/** Tries the whole span: a server stops after some minutes, and is asked to go on from there. */
async function tryAll(client: Client, { since, until }: TryOptions): Promise<RuleTrial> {
  const end = until === undefined ? new Date().toISOString() : momentOf(until);
  let from = momentOf(since);
  if (Date.parse(from) >= Date.parse(end)) throw new Error('--since is not before --until');
  let sum: RuleTrial | undefined;
  const progress = new Progress();
  try {
    for (;;) {
      progress.tell(from, sum);
      const trial = await client.tryRules({ body: { since: from, until: end } });
      const isStuck = trial.until <= from;
      sum = sum === undefined ? trial : add(sum, trial);
      if (trial.isComplete || isStuck) return sum;
      from = trial.until;
    }
  } finally {
    progress.end();
  }
}

/** Two trials of one span after the other: no run is in both. */
function add(one: RuleTrial, next: RuleTrial): RuleTrial {
  const rules = new Map(one.rules.map((rule) => [rule.ruleId, rule]));
  for (const rule of next.rules) {
    const known = rules.get(rule.ruleId);
    rules.set(
      rule.ruleId,
      known === undefined ? rule : { ...known, runs: known.runs + rule.runs, fresh: known.fresh + rule.fresh },
    );
  }
  return {
    ...next,
    runs: one.runs + next.runs,
    activities: one.activities + next.activities,
    failures: one.failures + next.failures,
    seconds: Math.round((one.seconds + next.seconds) * 100) / 100,
    gone: one.gone + next.gone,
    rules: [...rules.values()].toSorted((a, b) => b.runs - a.runs || (a.ruleId < b.ruleId ? -1 : 1)),
  };
}

/** A line on a terminal that says how far a trial is; nothing elsewhere. */
class Progress {
  readonly #startedMs = Date.now();
  #text = '';
  #timer: NodeJS.Timeout | undefined;

  tell(from: string, sum: RuleTrial | undefined): void {
    if (!process.stderr.isTTY) return;
    this.#text = `judging runs since ${from.slice(0, 16)}${sum === undefined ? '' : `, ${sum.runs} runs so far`}`;
    this.#timer ??= setInterval(() => this.#write(), 1000);
    this.#write();
  }

  #write(): void {
    const seconds = Math.round((Date.now() - this.#startedMs) / 1000);
    process.stderr.write(`\r${`${this.#text}, ${seconds} s`.padEnd(78)}`);
  }

  end(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    process.stderr.write(`\r${' '.repeat(78)}\r`);
  }
}

function formatTrial({ runs, activities, failures, isComplete, until, seconds, gone, rules }: RuleTrial): string {
  const fresh = rules.reduce((sum, rule) => sum + rule.fresh, 0);
  const lines = rules.map(
    (rule) =>
      `${rule.severity.padEnd(9)} ${rule.ruleId.padEnd(34)} ${String(rule.runs).padStart(7)} ${rule.runs === 1 ? 'run ' : 'runs'}${rule.fresh === 0 ? '' : `  ${rule.fresh} new`}`,
  );
  return [
    ...(lines.length === 0 ? ['The rules find nothing.'] : lines),
    `${runs === 1 ? '1 run' : `${runs} runs`} with ${activities} activities judged in ${seconds} s: ${fresh} new, ${gone} found before and no longer. Nothing was changed.`,
    ...(isComplete ? [] : [`Stopped early: only runs until ${until} were judged.`]),
    ...(failures === 0 ? [] : [`Rules broke on ${failures} runs.`]),
    '',
  ].join('\n');
}
