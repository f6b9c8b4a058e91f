import { basePack, type OpenedOverlay } from '@sentinel/analyser';
import type { RuleOverlay } from '@sentinel/protocol';

interface Entry {
  readonly change: string;
  readonly about: string;
  readonly reason: string;
  readonly author: string;
  readonly until: string;
}

/** An overlay for people: each change with who answers for it, and whether it still counts. */
export function formatOverlay({ overlay, key }: OpenedOverlay, today: string): string {
  const entries = entriesOf(overlay);
  const over = entries.filter(({ until }) => until < today).length;
  return [
    `${overlay.name} ${overlay.version} of ${overlay.madeAt}: ${entries.length} changes${over === 0 ? '' : `, ${over} of them over`}`,
    key === undefined ? '  not signed: a draft' : `  signed by ${key}`,
    ...entries.map(
      ({ change, about, reason, author, until }) =>
        `  ${change.padEnd(8)} ${about}\n           ${reason} (${author}, ${until < today ? 'OVER since' : 'until'} ${until})`,
    ),
    '',
  ].join('\n');
}

/** The pack that ships, for people. */
export function formatBase(): string {
  const { name, version, madeAt, weaknesses } = basePack();
  return [
    `${name} ${version} of ${madeAt}: ${weaknesses.length} weakness rules`,
    ...weaknesses.map(
      ({ id, severity, cwe, title }) => `  ${severity.padEnd(8)} ${id.padEnd(34)} CWE-${cwe}  ${title}`,
    ),
    '',
  ].join('\n');
}

function entriesOf(overlay: RuleOverlay): Entry[] {
  const entry = (change: string, about: string, { reason, author, until }: Omit<Entry, 'change' | 'about'>): Entry => ({
    change,
    about,
    reason,
    author,
    until,
  });
  return [
    ...overlay.addCalls.map((one) => entry('add', `${one.id} (${one.severity}): ${one.calls.join(', ')}`, one)),
    ...overlay.addSecretFormats.map((one) => entry('add', `secret-${one.id}: ${one.title}`, one)),
    ...overlay.addNames.map((one) => entry('add', `${one.list}: ${one.names.join(', ')}`, one)),
    ...overlay.off.map((one) => entry('off', one.rule, one)),
    ...overlay.reweigh.map((one) =>
      entry(
        'reweigh',
        `${one.rule}: ${[one.severity, one.points === undefined ? undefined : `${one.points} points`].filter((part) => part !== undefined).join(', ')}`,
        one,
      ),
    ),
    ...overlay.allow.map((one) =>
      entry(
        'allow',
        `${one.rules.join(', ')} in ${[one.sha256, one.path, one.owner === undefined ? undefined : `files of ${one.owner}`].filter((part) => part !== undefined).join(', ')}`,
        one,
      ),
    ),
  ];
}
