import { type Peers, withFiles } from './peers.ts';
import { readSastCorpus, type SastCorpus } from './sast-corpus.ts';
import {
  brokenCases,
  countBenignAccused,
  findOwn,
  prepare,
  ruffCode,
  type Sight,
  scoreBandit,
  scoreBrokenCases,
  scoreRuffFixtures,
} from './score-weaknesses.ts';
import type { Peer, Row } from './table.ts';

type Finder = (source: string) => readonly Sight[];

/** Weaknesses: bandit's labels, Ruff's fixtures, injected syntax errors, benign look-alikes. */
export async function weaknessesRows(
  peers: Peers | undefined,
  tell: (text: string) => void,
  showError?: (line: string) => void,
): Promise<Row[]> {
  await prepare();
  const corpus = readSastCorpus();
  const own = scoreBandit(corpus, findOwn);
  const fixtures = scoreRuffFixtures(corpus);
  for (const line of own.missed) showError?.(`weakness missed: ${line}`);
  for (const line of own.extra) showError?.(`weakness extra: ${line}`);
  for (const line of fixtures.missed) showError?.(`Ruff fixture missed: ${line}`);
  const labels = corpus.bandit.reduce((sum, file) => sum + file.labels.length, 0);
  tell('weaknesses: the others on the labels');
  const onLabels = peerFinders(
    peers,
    [...corpus.bandit, ...corpus.ruff].map(({ source }) => source),
  );
  const score = (figure: 'recall' | 'precision') =>
    Object.fromEntries([...onLabels].map(([peer, find]) => [peer, scoreBandit(corpus, find)[figure]]));
  tell('weaknesses: injected syntax errors');
  const cases = brokenCases(corpus);
  const kept = scoreBrokenCases(cases, findOwn);
  const onBroken = peerFinders(
    peers,
    cases.flatMap(({ whole, broken }) => [whole, broken]),
  );
  const keptByPeers = new Map([...onBroken].map(([peer, find]) => [peer, scoreBrokenCases(cases, find)]));
  const set = "bandit's labels";
  return [
    {
      set,
      measure: 'recall',
      value: own.recall,
      target: 0.97,
      peers: score('recall'),
      note: `${labels} labels, refused ones counted as missed`,
    },
    { set, measure: 'precision', value: own.precision, target: 0.93, peers: score('precision') },
    { set, measure: 'recall, refused aside', value: own.recallWithoutRefused, target: 0.97 },
    {
      set: "Ruff's fixtures",
      measure: 'recall, refused counted as missed',
      value: fixtures.recall,
      target: 1,
      peers: fixturePeers(corpus, onLabels.get('Ruff')),
      note: 'the engine in the modes of the labels',
    },
    {
      set: "Ruff's fixtures",
      measure: 'recall, refused aside',
      value: fixtures.recallWithoutRefused,
      target: 1,
      note: 'import lxml is refused: docs/refused-labels.md',
    },
    ...Object.entries(kept).map(
      ([kind, value]): Row => ({
        set: 'kept, injected error',
        measure: kind,
        value,
        target: 0.85,
        peers: Object.fromEntries([...keptByPeers].map(([peer, shares]) => [peer, shares[kind] ?? Number.NaN])),
      }),
    ),
    {
      set: 'benign look-alikes',
      measure: 'called malicious',
      value: countBenignAccused(corpus),
      target: 0,
      isAtMost: true,
      unit: 'count',
      note: `of ${corpus.benign.length}`,
    },
  ];
}

/** What bandit and Ruff find in sources, all of them looked at in one run of each. */
function peerFinders(peers: Peers | undefined, sources: readonly string[]): Map<Peer, Finder> {
  const finders = new Map<Peer, Finder>();
  if (peers === undefined) return finders;
  const names = new Map<string, string>();
  for (const source of sources) if (!names.has(source)) names.set(source, `f${names.size}.py`);
  const files = [...names].map(([source, name]) => [name, source] as const);
  withFiles(files, (folder) => {
    for (const peer of ['bandit', 'Ruff'] as const) {
      const found = new Map<string, Sight[]>();
      for (const { file, rule, line, endLine } of peers.run(peer, folder).findings) {
        const test = peer === 'Ruff' ? ruffCode(rule).replace(/^S/, 'B') : rule;
        found.set(file, [...(found.get(file) ?? []), { test, line, endLine }]);
      }
      finders.set(peer, (source) => found.get(names.get(source) ?? '') ?? []);
    }
  });
  return finders;
}

function fixturePeers(corpus: SastCorpus, find: Finder | undefined): Partial<Record<Peer, number>> {
  if (find === undefined) return {};
  let wanted = 0;
  let met = 0;
  for (const { source, labels } of corpus.ruff) {
    const sights = find(source);
    for (const [code, line] of labels) {
      wanted += 1;
      if (sights.some((sight) => sight.line === line && sight.test === code.replace('S', 'B'))) met += 1;
    }
  }
  return { Ruff: met / wanted };
}
