import type { PackageVerdict, PlaceLabels, Sanction, WorkCalendar } from '@sentinel/protocol';
import type { DemoFolder } from './demo-folder.ts';
import type { Scenario } from './scenarios.ts';

/** What is known besides a run, in the shape of the detector's context. */
export interface ScenarioContext {
  readonly labels: PlaceLabels[];
  readonly businessSystems: { match: string; name: string }[];
  readonly ai: { approved: string[]; isLocalApproved: boolean };
  readonly packageVerdicts: PackageVerdict[];
  readonly calendar?: WorkCalendar;
  readonly script: {
    readonly sanction?: Sanction;
    readonly owner?: string | null;
    readonly isOwnerGone?: boolean;
    readonly ownerLeftOn?: string;
    readonly activeSchedules?: { hostName: string; when: string; source: string }[];
  };
}

/** Hour at which the nightly script runs, by the clock of the analyst's computer. */
const NIGHT_HOUR = 2;

/**
 * What the demo's company knows, as rules want it: its map of data, its applications, its list of approved models, who
 * answers for which script. All of it is invented.
 * @param now - Time of the play: the analyst's computer stands in the time zone where it is night then.
 */
export function scenarioContext(scenario: Scenario, folder: DemoFolder, now: Date): ScenarioContext {
  const company: Omit<ScenarioContext, 'script'> = {
    labels: [
      { kind: 'table', match: 'line_items', labels: ['financial'], name: 'the general ledger' },
      { kind: 'table', match: 'patients', labels: ['customer', 'health', 'person-name'], name: 'the patient table' },
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
        calendar: {
          timeZone: nightZone(now),
          days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
          from: '07:00',
          to: '19:00',
          holidays: [],
        },
        script: { sanction: 'unreviewed', owner: 'finance analyst' },
      };
    case 'accounts-payable':
      return { ...company, script: { sanction: 'monitored', owner: null } };
    case 'treasury':
      return {
        ...company,
        script: {
          sanction: 'monitored',
          owner: scenario.person,
          isOwnerGone: true,
          ownerLeftOn: leftAt(scenario, now).slice(0, 10),
          activeSchedules: scenario.schedule === undefined ? [] : [scenario.schedule],
        },
      };
    default:
      return { ...company, script: { sanction: 'monitored', owner: scenario.person } };
  }
}

/** When the person of a scenario left, at the end of a day. */
export function leftAt({ leftDaysAgo = 0 }: Scenario, now: Date): string {
  return `${new Date(now.getTime() - leftDaysAgo * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)}T23:59:59.999Z`;
}

/** A zone of the tz database in which it is about two in the morning. In its names, west is plus. Source: tz, etcetera. */
function nightZone(now: Date): string {
  const west = (now.getUTCHours() - NIGHT_HOUR + 24) % 24;
  if (west === 0) return 'UTC';
  return west <= 12 ? `Etc/GMT+${west}` : `Etc/GMT-${24 - west}`;
}
