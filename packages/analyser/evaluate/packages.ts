import { type Query, scorePackages } from './score-packages.ts';

const { index, asked, ...score } = await scorePackages();
const queriesPerSecond = rateOf((query) => index.isAffected(query.package, query.version, query.id));
const verdictsPerSecond = rateOf((query) => index.vulnerable(query.package, query.version));

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ ...score, queriesPerSecond, verdictsPerSecond })}\n`);
} else {
  const { queries, squats } = score;
  const lines = [
    `queries, affected      ${queries.affected.toFixed(4)}`,
    `queries, not affected  ${queries.notAffected.toFixed(4)}  (${asked.length} queries in all)`,
    `queries a second       ${queriesPerSecond}; whole verdicts ${verdictsPerSecond}`,
    `squats, recall         ${squats.recall.toFixed(4)}`,
    `near legitimate        ${squats.nearLegitimateFlagged.toFixed(4)} flagged`,
    `plain legitimate       ${squats.legitimateFlagged.toFixed(4)} flagged`,
    `benign look-alikes     ${score.benignCalledMalicious} called malicious`,
    ...score.wrong.slice(0, 20).map((query) => `wrong: ${JSON.stringify(query)}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Answers a second over all labelled questions, each version parsed at most once. */
function rateOf(ask: (query: Query) => unknown): number {
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < 1_000) {
    for (const query of asked) ask(query);
    count += asked.length;
  }
  return Math.round(count / ((performance.now() - start) / 1_000));
}
