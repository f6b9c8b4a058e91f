import type { Analysis, Risk, ScanReport, ScriptFound } from '@sentinel/protocol';

/** Analysis that found nothing. */
function emptyAnalysis(path: string, sha256: string): Analysis {
  return {
    path,
    sha256,
    language: 'python3',
    parse: 'clean',
    imports: [],
    capabilities: [],
    flows: [],
    hosts: [],
    secrets: [],
    weaknesses: [],
    packages: [],
    verdicts: [],
    unresolved: { calls: 0, reasons: [] },
    failures: [],
  };
}

/** Assessments of the first scripts of the sample, the highest risk first. */
export function sampleAssessments(scripts: readonly ScriptFound[]): ScanReport['assessments'] {
  const at = (line: number) => ({ line, endLine: line });
  const analysis = (index: number, more: Partial<Analysis>): Analysis => ({
    ...emptyAnalysis(scripts[index]?.path ?? '', String(index).repeat(64)),
    ...more,
  });
  const risk = (score: number, band: Risk['band'], shares: Risk['shares']): Risk => ({
    score,
    band,
    shares,
    method: 'sentinel-risk 1',
  });
  return [
    {
      path: scripts[0]?.path ?? '',
      risk: risk(83, 'critical', [
        {
          dimension: 'data-flow',
          ruleId: 'flow-gui.sap-to-personal-cloud',
          reason: 'data from SAP FAGLL03 can reach a personal cloud (files.write OneDrive)',
          points: 30,
          place: at(61),
        },
        {
          dimension: 'secrets',
          ruleId: 'secret-assigned',
          reason: 'credential in the source: SAP password',
          points: 24,
          place: at(12),
        },
        {
          dimension: 'context',
          ruleId: 'context',
          reason: 'runs by itself on a schedule; lies in a personal cloud folder',
          points: 14,
        },
        {
          dimension: 'capabilities',
          ruleId: 'gui.sap',
          reason: 'drives SAP through its screens',
          points: 15,
          place: at(20),
        },
      ]),
      analysis: analysis(0, {
        capabilities: [
          { id: 'gui.sap', evidence: [at(20)], detail: ['SAPGUI'] },
          { id: 'spreadsheet', evidence: [at(50)], detail: [] },
          { id: 'files.write', evidence: [at(61)], detail: [] },
        ],
        flows: [
          {
            source: { kind: 'gui.sap', detail: 'FAGLL03', place: at(44) },
            sink: { kind: 'files.write', detail: 'OneDrive', place: at(61) },
            reach: 'personal-cloud',
            confidence: 'high',
          },
        ],
        secrets: [
          {
            ruleId: 'secret-assigned',
            title: 'SAP password',
            tier: 'medium',
            score: 0.9,
            fingerprint: 'k1',
            preview: 'Su…6',
            name: 'sap_password',
            place: at(12),
          },
        ],
        unresolved: { calls: 3, reasons: ['dynamic attribute'] },
      }),
    },
    {
      path: scripts[3]?.path ?? '',
      risk: risk(71, 'high', [
        {
          dimension: 'secrets',
          ruleId: 'secret-openai-key',
          reason: 'credential in the source: OpenAI API key',
          points: 25,
          place: at(8),
        },
        {
          dimension: 'data-flow',
          ruleId: 'flow-csv-to-llm-provider',
          reason: 'data from csv complaints.csv can reach an LLM provider (chat.completions)',
          points: 22,
          place: at(31),
        },
        {
          dimension: 'packages',
          ruleId: 'PYSEC-2018-28',
          reason: 'uses requests 2.19.0 with a high vulnerability (fixed in 2.20.0)',
          points: 14,
        },
        {
          dimension: 'capabilities',
          ruleId: 'llm',
          reason: 'sends text to a language model',
          points: 10,
          place: at(31),
        },
      ]),
      analysis: analysis(3, {
        capabilities: [
          { id: 'llm', evidence: [at(31)], detail: ['openai'] },
          { id: 'network.http', evidence: [at(31)], detail: [] },
        ],
        flows: [
          {
            source: { kind: 'csv', detail: 'complaints.csv', place: at(15) },
            sink: { kind: 'llm', detail: 'chat.completions', place: at(31) },
            reach: 'llm-provider',
            confidence: 'high',
          },
        ],
        secrets: [
          {
            ruleId: 'secret-openai-key',
            title: 'OpenAI API key',
            tier: 'high',
            score: 1,
            fingerprint: 'k2',
            preview: 'sk…Q',
            place: at(8),
          },
        ],
        verdicts: [
          {
            distribution: 'requests',
            version: '2.19.0',
            kind: 'vulnerable',
            advisories: ['PYSEC-2018-28', 'CVE-2018-18074'],
            severity: 'high',
            isKnownExploited: false,
            fixedIn: '2.20.0',
            dataDate: '2026-11-18',
          },
        ],
      }),
    },
    {
      path: scripts[1]?.path ?? '',
      risk: risk(52, 'elevated', [
        {
          dimension: 'weaknesses',
          ruleId: 'weak-subprocess-shell',
          reason: 'Shell command built from a variable',
          points: 20,
          place: at(77),
        },
        {
          dimension: 'secrets',
          ruleId: 'secret-login',
          reason: 'credential in the source: Oracle password',
          points: 18,
          place: at(9),
        },
        {
          dimension: 'capabilities',
          ruleId: 'db',
          reason: 'reads a database or the clipboard',
          points: 14,
          place: at(30),
        },
      ]),
      analysis: analysis(1, {
        capabilities: [
          { id: 'db', evidence: [at(30)], detail: ['oracledb'] },
          { id: 'mail.read', evidence: [at(18)], detail: [] },
        ],
        secrets: [
          {
            ruleId: 'secret-login',
            title: 'Oracle password',
            tier: 'medium',
            score: 0.9,
            fingerprint: 'k3',
            preview: 'or…1',
            place: at(9),
          },
        ],
        weaknesses: [
          {
            ruleId: 'weak-subprocess-shell',
            engineRule: 'S602',
            title: 'Shell command built from a variable',
            severity: 'high',
            confidence: 'high',
            cwe: 78,
            advice: 'Pass a list of arguments and no shell.',
            place: at(77),
          },
        ],
      }),
    },
    ...[2, 4, 5, 6].map((index) => ({
      path: scripts[index]?.path ?? '',
      risk: risk(index === 2 ? 24 : 6, index === 2 ? ('guarded' as const) : ('low' as const), [
        {
          dimension: 'capabilities' as const,
          ruleId: 'files.write',
          reason: 'writes <b>files</b>',
          points: index === 2 ? 24 : 6,
          place: at(4),
        },
      ]),
      analysis: analysis(index, { capabilities: [{ id: 'files.write', evidence: [at(4)], detail: [] }] }),
    })),
  ];
}
