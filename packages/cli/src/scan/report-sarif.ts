import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { dataPlaceWord, REACH_WORDS, shippedPii } from '@sentinel/analyser';
import type { Analysis, ScanReport, Severity, SourcePlace } from '@sentinel/protocol';
import { exploitWord } from './exploit-word.ts';
import { type InventoryFinding, inventoryFindings } from './inventory-findings.ts';

/** One finding in a source, of any kind. */
export interface SourceFinding {
  readonly ruleId: string;
  readonly title: string;
  readonly severity: Severity;
  readonly message: string;
  readonly advice?: string;
  readonly cwe?: number;
  readonly place?: SourcePlace;
  /** Why a company pack took it out; it is told, and marked as suppressed. */
  readonly suppression?: string;
}

const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const;
/** Numbers that code hosts sort by. Source: GitHub, SARIF support, security-severity. */
const SECURITY_SEVERITY = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0' } as const;
const FLOW_SEVERITY: Partial<Record<Analysis['flows'][number]['reach'], Severity>> = {
  'personal-cloud': 'high',
  'mail-outside': 'high',
  'llm-provider': 'high',
  messaging: 'medium',
  unknown: 'medium',
};

/** Rules that know a credential by where it stands, not by the format of a provider. */
const BY_CONTEXT = /^secret-(?:default|in-\w+|compared|assigned|argument|typed|sap-logon|login)/;

/** Everything that an analysis holds against a source, the most severe first. Placeholders are left out. */
export function sourceFindings(analysis: Analysis): SourceFinding[] {
  const order: Severity[] = ['critical', 'high', 'medium', 'low'];
  const findings: SourceFinding[] = [
    ...analysis.secrets.flatMap(({ ruleId, title, tier, place }): SourceFinding[] =>
      tier === 'info'
        ? []
        : [
            {
              ruleId,
              title,
              severity: tier === 'high' ? (BY_CONTEXT.test(ruleId) ? 'high' : 'critical') : 'medium',
              message: `Credential in the source: ${title}`,
              advice: 'Move it to a vault or an environment of the service, and change it: it has been readable.',
              cwe: 798,
              place,
            },
          ],
    ),
    ...analysis.weaknesses.map(
      ({ ruleId, title, severity, advice, cwe, place }): SourceFinding => ({
        ruleId,
        title,
        severity,
        message: title,
        advice,
        ...(cwe === undefined ? {} : { cwe }),
        place,
      }),
    ),
    ...analysis.flows.flatMap(({ source, sink, reach }): SourceFinding[] => {
      const severity = FLOW_SEVERITY[reach];
      return severity === undefined
        ? []
        : [
            {
              ruleId: `flow-to-${reach}`,
              title: `Data can leave: ${REACH_WORDS[reach]}`,
              severity,
              message: `Data from ${dataPlaceWord(source.kind)} (line ${source.place.line})${source.labels === undefined ? '' : ` with ${source.labels.map(labelTitle).join(', ')}`} can reach ${dataPlaceWord(sink.kind)}: ${REACH_WORDS[reach]}`,
              place: sink.place,
            },
          ];
    }),
    ...analysis.verdicts.map(
      ({
        kind,
        distribution,
        version,
        severity,
        advisories,
        isKnownExploited,
        epss,
        fixedIn,
        resembles,
      }): SourceFinding => ({
        ruleId: `package-${kind}`,
        title: `Package that is ${kind}`,
        severity: kind === 'malicious' ? 'critical' : severity,
        message: [
          `${distribution}${version === undefined ? '' : ` ${version}`}: ${kind}`,
          advisories.slice(0, 3).join(', '),
          exploitWord({ isKnownExploited, epss }),
          resembles === undefined ? '' : `resembles ${resembles}`,
          fixedIn === undefined ? '' : `fixed in ${fixedIn}`,
        ]
          .filter((part) => part !== '')
          .join('; '),
        cwe: 1395,
      }),
    ),
  ];
  return findings.sort(
    (a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || (a.place?.line ?? 0) - (b.place?.line ?? 0),
  );
}

/** What people call a kind of personal data. */
function labelTitle(kind: string): string {
  return shippedPii().describe(kind)?.title ?? kind;
}

/** What company packs took out, with their reasons. */
export function suppressedFindings({ suppressed = [] }: Analysis): SourceFinding[] {
  return suppressed.map(({ ruleId, title, place, suppressedBy: { pack, change, reason, author, until } }) => ({
    ruleId,
    title,
    severity: 'low',
    message: title,
    ...(place === undefined ? {} : { place }),
    suppression: `${change} by ${pack}: ${reason} (${author}, until ${until})`,
  }));
}

/** Report as SARIF. Source: OASIS SARIF 2.1.0. */
export function sarifReport(report: ScanReport): string {
  return sarifLog(
    report.product,
    report.assessments.map(({ path, analysis }) => ({
      path,
      findings: [...sourceFindings(analysis), ...suppressedFindings(analysis)],
    })),
    inventoryFindings(report),
    { durationMs: report.durationMs, startedAt: report.startedAt },
  );
}

/** Findings of sources as SARIF. */
export function sarifLog(
  product: string,
  files: readonly { readonly path: string; readonly findings: readonly SourceFinding[] }[],
  machine: readonly InventoryFinding[] = [],
  invocation?: { readonly durationMs: number; readonly startedAt: string },
): string {
  const rules = new Map<string, object>();
  const results: object[] = [];
  const addRule = (id: string, title: string, severity: Severity, advice?: string, cwe?: number) => {
    if (rules.has(id)) return;
    rules.set(id, {
      id,
      name: id.replaceAll(/(?:^|[-_.])(\w)/g, (_, letter: string) => letter.toUpperCase()),
      shortDescription: { text: title },
      ...(advice === undefined ? {} : { help: { text: advice } }),
      defaultConfiguration: { level: LEVELS[severity] },
      properties: {
        'security-severity': SECURITY_SEVERITY[severity],
        tags: ['security', 'python', ...(cwe === undefined ? [] : [`external/cwe/cwe-${cwe}`])],
      },
    });
  };
  const add = (path: string, finding: SourceFinding) => {
    addRule(finding.ruleId, finding.title, finding.severity, finding.advice, finding.cwe);
    const { place } = finding;
    const region =
      place === undefined || place.cell !== undefined
        ? undefined
        : {
            startLine: place.line,
            endLine: place.endLine,
            ...(place.column === undefined ? {} : { startColumn: place.column + 1 }),
          };
    results.push({
      ruleId: finding.ruleId,
      ruleIndex: [...rules.keys()].indexOf(finding.ruleId),
      level: LEVELS[finding.severity],
      message: {
        text:
          place?.cell === undefined ? finding.message : `${finding.message} (cell ${place.cell}, line ${place.line})`,
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(path) },
            ...(region === undefined ? {} : { region }),
          },
        },
      ],
      ...(finding.suppression === undefined
        ? {}
        : { suppressions: [{ kind: 'external', status: 'accepted', justification: finding.suppression }] }),
      partialFingerprints: { 'sentinel/v1': fingerprint(finding.ruleId, path, finding.message) },
    });
  };
  for (const { path, findings } of files) for (const finding of findings) add(path, finding);
  for (const { ruleId, title, severity, advice, evidence } of machine)
    for (const { path, note } of evidence) add(path, { ruleId, title, severity, advice, message: `${title}: ${note}` });
  const [name = 'Sentinel', version = ''] = product.split(' ');
  return `${JSON.stringify(
    {
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name, version, rules: [...rules.values()] } },
          columnKind: 'utf16CodeUnits',
          ...(invocation === undefined
            ? {}
            : {
                invocations: [
                  {
                    executionSuccessful: true,
                    startTimeUtc: invocation.startedAt,
                    endTimeUtc: new Date(Date.parse(invocation.startedAt) + invocation.durationMs).toISOString(),
                  },
                ],
              }),
          results,
        },
      ],
    },
    null,
    2,
  )}\n`;
}

function uriOf(path: string): string {
  return /^(?:\/|[A-Za-z]:[\\/])/.test(path)
    ? pathToFileURL(path).href
    : path.split(/[\\/]/).map(encodeURIComponent).join('/');
}

function fingerprint(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}
