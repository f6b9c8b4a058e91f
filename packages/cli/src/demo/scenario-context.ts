import type { JudgeContextInput } from '@sentinel/detector';
import type { DemoFolder } from './demo-folder.ts';
import type { Scenario } from './scenarios.ts';

/** Hour at which the nightly script runs, by the clock of the analyst's computer. */
const NIGHT_HOUR = 2;

/**
 * What the demo's company knows, as rules want it: its map of data, its applications, its list of approved models, who
 * answers for which script. All of it is invented.
 * @param now - Time of the play: the analyst's computer stands in the time zone where it is night then.
 */
export function scenarioContext(scenario: Scenario, folder: DemoFolder, now: Date): JudgeContextInput {
  const company: JudgeContextInput = {
    labels: [
      { kind: 'table', match: 'line_items', labels: ['financial'], name: 'the general ledger' },
      { kind: 'table', match: 'patients', labels: ['health', 'person-name'], name: 'the patient table' },
      {
        kind: 'path',
        match: `${folder.share}/accounts-payable/**`,
        labels: ['iban'],
        name: 'the invoice mails',
        place: 'share',
      },
    ],
    businessSystems: [{ match: '**/erp.sqlite', name: 'the ERP' }],
    ai: { approved: ['azure.ai.openai'], isLocalApproved: false },
    // From published advisories; a real company imports them (sentinel advisories import).
    packageVerdicts: [
      {
        distribution: 'jinja2',
        version: '3.1.2',
        kind: 'vulnerable',
        advisories: ['CVE-2024-22195', 'CVE-2024-34064', 'CVE-2024-56326'],
        severity: 'medium',
        isKnownExploited: false,
        fixedIn: '3.1.5',
      },
    ],
  };
  switch (scenario.name) {
    case 'finance':
      return {
        ...company,
        calendar: { timeZone: nightZone(now), days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
        script: { sanction: 'unreviewed', owner: 'finance analyst' },
      };
    case 'accounts-payable':
      return { ...company, script: { sanction: 'monitored', owner: null } };
    default:
      return { ...company, script: { sanction: 'monitored', owner: scenario.person } };
  }
}

/** A zone of the tz database in which it is about two in the morning. In its names, west is plus. Source: tz, etcetera. */
function nightZone(now: Date): string {
  const west = (now.getUTCHours() - NIGHT_HOUR + 24) % 24;
  if (west === 0) return 'UTC';
  return west <= 12 ? `Etc/GMT+${west}` : `Etc/GMT-${24 - west}`;
}
