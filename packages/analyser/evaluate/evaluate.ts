/**
 * Prints one table of every labelled set with its targets, the tools of others beside it in the same run.
 *
 *     npm run evaluate -- [--json] [--quick] [--errors] [--only SET,SET] [--corpus DIR]
 *
 * Ends with 1 when a target is missed, with 2 when the labelled data is not here.
 */
import { parseArgs } from 'node:util';
import type { Row } from './table.ts';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    errors: { type: 'boolean', default: false },
    only: { type: 'string' },
    corpus: { type: 'string' },
  },
});
// Before anything reads it.
if (flags.corpus !== undefined) process.env['SENTINEL_CORPUS'] = flags.corpus;
const { CORPUS, isCorpusHere } = await import('./corpus.ts');
const { isMet, renderTable } = await import('./table.ts');
const { installPeers } = await import('./peers.ts');

if (!isCorpusHere) {
  process.stderr.write(`The labelled corpus is not at ${CORPUS}; name its folder with --corpus.\n`);
  process.exit(2);
}

const begin = performance.now();
const tell = (text: string): void => {
  process.stderr.write(`${((performance.now() - begin) / 1_000).toFixed(0).padStart(4)} s  ${text}\n`);
};
const showError = flags.errors ? (line: string): void => void process.stderr.write(`${line}\n`) : undefined;

let peers: Exclude<ReturnType<typeof installPeers>, string> | undefined;
if (flags.quick) tell('quick: without the tools of others, without speed');
else {
  tell('installing the tools of others into .cache (bandit, detect-secrets, Ruff; pinned)');
  const installed = installPeers();
  if (typeof installed === 'string') tell(`the tools of others are left out: ${installed}`);
  else peers = installed;
}

/** Every set, in the order of the table. */
const SETS: Readonly<Record<string, () => Promise<Row[]> | Row[]>> = {
  secrets: async () => (await import('./secrets-rows.ts')).secretsRows(peers, showError),
  weaknesses: async () => (await import('./weaknesses-rows.ts')).weaknessesRows(peers, tell, showError),
  scripts: async () => (await import('./meaning-rows.ts')).meaningRows(showError),
  packages: async () => (await import('./packages-rows.ts')).packagesRows(showError),
  pii: async () => (await import('./pii-rows.ts')).piiRows(showError),
  speed: async () => (flags.quick ? [] : (await import('./speed-rows.ts')).speedRows(peers, tell)),
};

const wanted = flags.only?.split(',');
const unknown = wanted?.filter((set) => !Object.hasOwn(SETS, set)) ?? [];
if (unknown.length > 0) {
  process.stderr.write(`There is no set ${unknown.join(', ')}; there are ${Object.keys(SETS).join(', ')}.\n`);
  process.exit(2);
}

const rows: Row[] = [];
for (const [set, score] of Object.entries(SETS)) {
  if (wanted !== undefined && !wanted.includes(set)) continue;
  tell(set);
  try {
    rows.push(...(await score()));
  } catch (error) {
    tell(`${set} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    rows.push({ set, measure: 'failed', value: Number.NaN, target: 1 });
  }
}
const missed = rows.filter((row) => isMet(row) === false);
if (flags.json) process.stdout.write(`${JSON.stringify(rows.map((row) => ({ ...row, isMet: isMet(row) })))}\n`);
else {
  process.stdout.write(`${renderTable(rows)}\n\n`);
  const judged = rows.filter(({ target }) => target !== undefined).length;
  process.stdout.write(
    `${judged - missed.length} of ${judged} targets met; the shared half of the labelled data, ${new Date().toISOString().slice(0, 10)}\n`,
  );
}
process.exitCode = missed.length === 0 ? 0 : 1;
