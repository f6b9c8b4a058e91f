import type { Peers } from './peers.ts';
import { withFiles } from './peers.ts';
import {
  findOwnInFiles,
  findOwnSecrets,
  isPython,
  readSecretsCorpus,
  type SecretHit,
  type SecretsCorpus,
  scoreLines,
  scoreScriptSecrets,
  scoreSnippets,
} from './score-secrets.ts';
import type { Peer, Row } from './table.ts';

/** Rules of the others that look for credentials. */
const RULES: Readonly<Record<Peer, readonly string[] | undefined>> = {
  bandit: ['B105', 'B106', 'B107'],
  'detect-secrets': undefined,
  Ruff: ['S105', 'S106', 'S107'],
};

/** Secrets: labelled lines, rule authors' snippets, labelled scripts. */
export function secretsRows(peers: Peers | undefined, showError?: (line: string) => void): Row[] {
  const corpus = readSecretsCorpus();
  const own = findOwnInFiles(corpus);
  const others = new Map(
    (peers === undefined ? [] : (['bandit', 'detect-secrets', 'Ruff'] as const)).map((peer) => [
      peer,
      findByPeer(peers as Peers, peer, corpus),
    ]),
  );
  const isOther = (file: string): boolean => !isPython(file);
  const high = new Map([...own].map(([file, hits]) => [file, hits.filter(({ isHigh }) => isHigh)]));
  const python = scoreLines(corpus, own, isPython, showError);
  const pythonHigh = scoreLines(corpus, high, isPython);
  const other = scoreLines(corpus, own, isOther, showError);
  const ofPeers = (wanted: (file: string) => boolean, figure: 'recall' | 'precision', names: readonly Peer[]) =>
    Object.fromEntries(
      names.flatMap((peer) => {
        const found = others.get(peer);
        return found === undefined ? [] : [[peer, scoreLines(corpus, found, wanted)[figure]]];
      }),
    );
  const all = ['bandit', 'detect-secrets', 'Ruff'] as const;
  const counts = ({ hits, truths, falseAlarms, unlabelled }: typeof python) =>
    `${hits} of ${truths} lines, ${falseAlarms} false alarms, ${unlabelled} on unlabelled lines`;

  const hits = corpus.snippets.map(({ text }) => findOwnSecrets(text, 'text').length > 0);
  const isOwnHit = (_: unknown, at: number): boolean => hits[at] ?? false;
  const snippets = scoreSnippets(corpus, isOwnHit, showError === undefined ? {} : { showError });
  const kept = scoreSnippets(corpus, isOwnHit, { withoutRefused: true });
  const inSnippets = peers === undefined ? undefined : findInSnippets(peers, corpus);
  const theirs = inSnippets === undefined ? undefined : scoreSnippets(corpus, (_, at) => inSnippets.has(at));
  const theirsKept =
    inSnippets === undefined
      ? undefined
      : scoreSnippets(corpus, (_, at) => inSnippets.has(at), { withoutRefused: true });
  const only = (value: number | undefined) => (value === undefined ? {} : { peers: { 'detect-secrets': value } });
  const scripts = scoreScriptSecrets(showError);
  const set = 'secrets, Python lines';
  return [
    {
      set,
      measure: 'recall',
      value: python.recall,
      target: 0.88,
      peers: ofPeers(isPython, 'recall', all),
      note: counts(python),
    },
    { set, measure: 'precision', value: python.precision, target: 0.86, peers: ofPeers(isPython, 'precision', all) },
    {
      set: 'secrets, Python, high tier',
      measure: 'recall',
      value: pythonHigh.recall,
      target: 0.6,
      note: counts(pythonHigh),
    },
    { set: 'secrets, Python, high tier', measure: 'precision', value: pythonHigh.precision, target: 0.95 },
    {
      set: 'secrets, other files',
      measure: 'recall',
      value: other.recall,
      target: 0.85,
      peers: ofPeers(isOther, 'recall', ['detect-secrets']),
      note: counts(other),
    },
    {
      set: 'secrets, other files',
      measure: 'precision',
      value: other.precision,
      target: 0.92,
      peers: ofPeers(isOther, 'precision', ['detect-secrets']),
    },
    {
      set: 'rule-test snippets',
      measure: 'recall',
      value: snippets.recall,
      target: 0.85,
      ...only(theirs?.recall),
      note: `${snippets.trueCases} true and ${snippets.falseCases} false cases`,
    },
    {
      set: 'rule-test snippets',
      measure: 'false-case rate',
      value: snippets.falseRate,
      target: 0.05,
      isAtMost: true,
      ...only(theirs?.falseRate),
    },
    {
      set: 'rule-test snippets',
      measure: 'recall, refused aside',
      value: kept.recall,
      target: 0.85,
      ...only(theirsKept?.recall),
      note: `${kept.trueCases} true and ${kept.falseCases} false cases that docs/refused-labels.md leaves`,
    },
    {
      set: 'rule-test snippets',
      measure: 'false-case rate, same',
      value: kept.falseRate,
      target: 0.05,
      isAtMost: true,
      ...only(theirsKept?.falseRate),
    },
    {
      set: 'secrets in scripts',
      measure: 'literal ones found',
      value: scripts.T.found / scripts.T.all,
      target: 1,
      note: `${scripts.T.found} of ${scripts.T.all}`,
    },
    {
      set: 'secrets in scripts',
      measure: 'weak ones found',
      value: scripts.W.found / scripts.W.all,
      target: 0.75,
      note: `${scripts.W.found} of ${scripts.W.all}`,
    },
    {
      set: 'secrets in scripts',
      measure: 'placeholders flagged',
      value: scripts.X.found,
      target: 2,
      isAtMost: true,
      unit: 'count',
      note: `of ${scripts.X.all}`,
    },
  ];
}

function findByPeer(peers: Peers, peer: Peer, { files }: SecretsCorpus): Map<string, SecretHit[]> {
  const found = new Map<string, SecretHit[]>();
  for (const { file, at: line } of withFiles(files, (folder) => peers.run(peer, folder, RULES[peer])).findings) {
    found.set(file, [...(found.get(file) ?? []), { line, endLine: line, isHigh: true }]);
  }
  return found;
}

/** Numbers of the snippets in which detect-secrets finds something; the other two read Python only. */
function findInSnippets(peers: Peers, { snippets }: SecretsCorpus): Set<number> {
  const files = snippets.map(({ text }, at) => [`snippet-${at}.txt`, text] as const);
  const { findings } = withFiles(files, (folder) => peers.run('detect-secrets', folder));
  return new Set(findings.map(({ file }) => Number(/\d+/.exec(file)?.[0])));
}
