import type { RiskBand, ScanReport } from '@sentinel/protocol';
import { inventoryFindings } from './inventory-findings.ts';

/** A number of things of one sort. */
export interface Tally {
  readonly label: string;
  readonly count: number;
}

/** Something to do next, with its cost. */
export interface NextStep {
  readonly title: string;
  readonly why: string;
  readonly count: number;
  readonly unit: string;
  /** Hours of work, an estimate from experience. */
  readonly hours: number;
  /** Order: 0 first. */
  readonly urgency: number;
}

/** What a manager wants to know first. */
export interface ScanSummary {
  readonly scripts: number;
  readonly notebooks: number;
  readonly owners: readonly Tally[];
  readonly places: readonly Tally[];
  readonly touches: readonly Tally[];
  readonly bands: Readonly<Record<RiskBand, number>>;
  /** Sources that only their metadata is known of. */
  readonly notRead: number;
  /** Sources in temporary folders. */
  readonly temporary: number;
  /** Sources with different content. */
  readonly distinct: number;
  readonly scheduled: number;
  readonly running: number;
  readonly nextSteps: readonly NextStep[];
}

const PLACE_WORDS: Readonly<Record<string, string>> = {
  desktop: 'Desktop',
  documents: 'Documents',
  downloads: 'Downloads',
  'sync-folder': 'Sync folder',
  share: 'Network share',
  removable: 'Removable disk',
  repository: 'Repository',
  temporary: 'Temporary folder',
  home: 'Home folder',
  system: 'System',
  other: 'Elsewhere',
};

/** Groups of capabilities in words of the business, by the beginning of their name. */
const TOUCHES: readonly (readonly [RegExp, string])[] = [
  [/^gui\.sap|^sap/, 'SAP screens'],
  [/^(?:gui|com|browser)\b/, 'Other programs by their screens'],
  [/^db\b/, 'Databases'],
  [/^mail\b/, 'Mail'],
  [/^llm\b/, 'Language models'],
  [/^cloud\b/, 'Cloud services'],
  [/^messaging\b/, 'Messengers'],
  [/^network\b/, 'Network and web'],
  [/^(?:spreadsheet|csv|dataframe|document)\b/, 'Spreadsheets and documents'],
  [/^(?:process|schedule|registry)\b/, 'Other programs and the system'],
  [/^(?:clipboard|screenshot|camera|audio|input)\b/, 'Screen, keys, camera'],
  [/^files\b/, 'Files'],
];

/** Sums up a report. */
export function summarise(report: ScanReport): ScanSummary {
  const { inventory, assessments } = report;
  const sources = [...inventory.scripts, ...inventory.notebooks];
  const bands: Record<RiskBand, number> = { critical: 0, high: 0, elevated: 0, guarded: 0, low: 0 };
  for (const { risk } of assessments) bands[risk.band] += 1;
  return {
    scripts: inventory.scripts.length,
    notebooks: inventory.notebooks.length,
    owners: tally(
      sources.map(
        ({ owner }) => owner.name ?? (owner.uid === undefined ? 'not told' : `user id ${owner.uid} (no account)`),
      ),
    ),
    places: tally(
      sources.map(({ place }) =>
        place.class === 'sync-folder' && place.label !== undefined ? place.label : placeWord(place.class),
      ),
    ),
    touches: tally(
      assessments.flatMap(({ analysis }) => [
        ...new Set(analysis.capabilities.flatMap(({ id }) => TOUCHES.find(([pattern]) => pattern.test(id))?.[1] ?? [])),
      ]),
    ),
    bands,
    notRead: sources.filter(({ notRead }) => notRead !== undefined).length,
    temporary: sources.filter(({ place }) => place.class === 'temporary').length,
    distinct: new Set(sources.map(({ sha256, path }) => sha256 ?? path)).size,
    scheduled: inventory.schedules.length,
    running: inventory.processes.length,
    nextSteps: nextSteps(report),
  };
}

/** Word for a sort of place. */
export function placeWord(place: string): string {
  return PLACE_WORDS[place] ?? place;
}

function nextSteps(report: ScanReport): NextStep[] {
  // What is mended in one copy is mended in all of them.
  const assessments = [...new Map(report.assessments.map((one) => [one.analysis.sha256, one])).values()];
  const secrets = new Set(
    assessments.flatMap(({ analysis }) =>
      analysis.secrets.flatMap(({ tier, fingerprint }) => (tier === 'info' ? [] : [fingerprint])),
    ),
  );
  const leaving = assessments.filter(({ analysis }) =>
    analysis.flows.some(
      ({ reach, confidence }) =>
        confidence !== 'low' && ['personal-cloud', 'mail-outside', 'llm-provider', 'messaging'].includes(reach),
    ),
  );
  const verdicts = new Map(
    assessments.flatMap(({ analysis }) =>
      analysis.verdicts.map((one) => [`${one.kind} ${one.distribution} ${one.version}`, one]),
    ),
  );
  // What is installed has steps of its own, below.
  for (const { kind, distribution, version } of report.packageVerdicts ?? [])
    verdicts.delete(`${kind} ${distribution} ${version}`);
  const malicious = [...verdicts.values()].filter(({ kind }) => kind === 'malicious' || kind === 'squat').length;
  const vulnerable = [...verdicts.values()].filter(
    ({ kind, severity }) => kind === 'vulnerable' && severity !== 'low',
  ).length;
  const weak = assessments.flatMap(({ analysis }) =>
    analysis.weaknesses.filter(({ severity }) => severity === 'critical' || severity === 'high'),
  ).length;
  const steps: NextStep[] = [
    step(
      'Take packages out of scripts that are malicious or imitate others',
      'They run with all rights of the person who starts the script.',
      malicious,
      'package',
      4,
      0,
    ),
    step(
      'Take credentials out of the sources and change them',
      'Everybody who can read the file can use them; assume that they are known.',
      secrets.size,
      'credential',
      0.5,
      1,
    ),
    step(
      'Decide on data that can leave the company',
      'These scripts can send data to clouds, mail, messengers or language models.',
      leaving.length,
      'script',
      1,
      2,
    ),
    step(
      'Mend the worst weaknesses in the code',
      'Each lets somebody else run code, or read what he should not.',
      weak,
      'place',
      0.5,
      4,
    ),
    step(
      'Update vulnerable packages that scripts ask for',
      'A fixed version is a matter of minutes; testing the script is the work.',
      vulnerable,
      'package',
      0.5,
      4,
    ),
  ];
  const urgencies = { critical: 0, high: 2, medium: 3, low: 5 } as const;
  for (const { step: title, why, severity, evidence, hoursEach } of inventoryFindings(report))
    steps.push(step(title, why, evidence.length, 'place', hoursEach, urgencies[severity]));
  return steps.filter(({ count }) => count > 0).sort((a, b) => a.urgency - b.urgency);
}

function step(title: string, why: string, count: number, unit: string, hoursEach: number, urgency: number): NextStep {
  return { title, why, count, unit, hours: Math.max(0.5, Math.round(count * hoursEach * 2) / 2), urgency };
}

function tally(labels: readonly string[]): Tally[] {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts]
    .map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
}
