import type { DataSample, Inventory, ScanReport, Severity } from '@sentinel/protocol';
import { kindsText } from './kinds-text.ts';
import { packageFindings } from './package-findings.ts';

/** A judgement about the machine rather than about one source. */
export interface InventoryFinding {
  readonly ruleId: string;
  readonly title: string;
  readonly severity: Severity;
  /** What to do, as a step of a plan. */
  readonly step: string;
  /** Why it matters, in one or two sentences. */
  readonly why: string;
  /** What to do. */
  readonly advice: string;
  /** Hours of work for one place; an estimate from experience. */
  readonly hoursEach: number;
  /** Places it was seen at, each with what was seen. */
  readonly evidence: readonly { readonly path: string; readonly note: string }[];
}

/** Last day with security fixes. Source: devguide.python.org/versions, PEPs 373, 494, 537, 569, 596, 619, 664, 693, 719. */
const END_OF_LIFE: Readonly<Record<string, string>> = {
  '2.7': '2020-01-01',
  '3.4': '2019-03-18',
  '3.5': '2020-09-30',
  '3.6': '2021-12-23',
  '3.7': '2023-06-27',
  '3.8': '2024-10-07',
  '3.9': '2025-10-31',
  '3.10': '2026-10-31',
  '3.11': '2027-10-31',
  '3.12': '2028-10-31',
  '3.13': '2029-10-31',
};

/** Findings that need no analysis of sources, the most severe first. */
export function inventoryFindings(
  report: Pick<ScanReport, 'inventory' | 'startedAt' | 'packageVerdicts' | 'dataSample'>,
): InventoryFinding[] {
  const { inventory } = report;
  const order: Severity[] = ['critical', 'high', 'medium', 'low'];
  return [
    ...packageFindings(report.packageVerdicts ?? []),
    foreignScriptAsRoot(inventory),
    personalCloud(inventory),
    lostSchedules(inventory),
    endOfLife(inventory, report.startedAt.slice(0, 10)),
    unknownOwners(inventory),
    unusualOrigins(inventory),
    onlyCopies(inventory),
    brokenEnvironments(inventory),
    cloudOnly(inventory),
    personalData(report.dataSample),
  ]
    .filter(({ evidence }) => evidence.length > 0)
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

function foreignScriptAsRoot({ schedules, scripts }: Inventory): InventoryFinding {
  const owners = new Map(scripts.map(({ path, owner }) => [path, owner]));
  return {
    ruleId: 'schedule-root-runs-foreign-script',
    title: 'An administrator account runs a script that somebody else can change',
    step: 'Stop administrator accounts from running scripts that others can change',
    severity: 'critical',
    why: 'Who can write the script can do everything on this computer at the next start.',
    advice: 'Give the script to the account that runs it, or run it under the account of its owner.',
    hoursEach: 0.5,
    evidence: schedules.flatMap(({ user, source, command }) => {
      const owner = command.script === undefined ? undefined : owners.get(command.script);
      const isForeign = (user === 'root' || user === 'SYSTEM') && owner?.uid !== undefined && owner.uid !== 0;
      return isForeign && command.script !== undefined
        ? [
            {
              path: command.script,
              note: `owned by ${owner.name ?? `user ${owner.uid}`}, started as ${user} by ${source}`,
            },
          ]
        : [];
    }),
  };
}

function personalCloud({ scripts, notebooks }: Inventory): InventoryFinding {
  return {
    ruleId: 'script-in-personal-cloud',
    title: 'Scripts lie in personal cloud folders',
    step: 'Move scripts out of personal cloud folders',
    severity: 'high',
    why: 'The code, and often the data beside it, is copied to an account that the company does not control.',
    advice: 'Move them to a company repository and tell the owner why.',
    hoursEach: 0.5,
    evidence: [...scripts, ...notebooks].flatMap(({ path, place }) =>
      place.isPersonalCloud === true ? [{ path, note: place.label ?? 'personal cloud' }] : [],
    ),
  };
}

function lostSchedules({ schedules, scripts, notebooks }: Inventory): InventoryFinding {
  const known = new Set([...scripts, ...notebooks].map(({ path }) => path));
  return {
    ruleId: 'schedule-without-review',
    title: 'Python runs by itself on a schedule',
    step: 'Name an owner and a deputy for what runs on a schedule',
    severity: 'medium',
    why: 'It goes on when its author is away or has left, under the rights of its account.',
    advice: 'Name an owner and a deputy for each, and have it reviewed once.',
    hoursEach: 1,
    evidence: schedules.map(({ source, when, user, command }) => ({
      path: source,
      note: `${command.script ?? command.module ?? command.program}, ${when}${user === undefined ? '' : `, as ${user}`}${
        command.script !== undefined && !known.has(command.script)
          ? ' (the script itself was not found in the scanned folders)'
          : ''
      }`,
    })),
  };
}

function endOfLife({ interpreters, environments }: Inventory, today: string): InventoryFinding {
  const endOf = (version: string | undefined) => {
    const end = END_OF_LIFE[/^\d+\.\d+/.exec(version ?? '')?.[0] ?? ''];
    return end !== undefined && end <= today ? end : undefined;
  };
  return {
    ruleId: 'interpreter-end-of-life',
    title: 'Pythons that get no security fixes any more',
    step: 'Replace Pythons that get no security fixes any more',
    severity: 'medium',
    why: 'A hole that is found in them stays open; packages stop supporting them as well.',
    advice: 'Move what still uses them to a supported version, then remove them.',
    hoursEach: 2,
    evidence: [
      ...interpreters.map(({ path, version }) => ({ path, version })),
      ...environments.map(({ prefix, version }) => ({ path: prefix, version })),
    ].flatMap(({ path, version }) => {
      const end = endOf(version);
      return end === undefined ? [] : [{ path, note: `Python ${version ?? ''}, without fixes since ${end}` }];
    }),
  };
}

function unknownOwners({ scripts, notebooks }: Inventory): InventoryFinding {
  return {
    ruleId: 'script-without-owner',
    title: 'Scripts belong to an account that no longer exists',
    step: 'Find owners for scripts of accounts that are gone',
    severity: 'medium',
    why: 'Nobody answers for them; often their author has left.',
    advice: 'Find who uses them and hand them over, or take them out of service.',
    hoursEach: 1,
    evidence: [...scripts, ...notebooks].flatMap(({ path, owner }) =>
      owner.uid !== undefined && owner.name === undefined ? [{ path, note: `owner is user id ${owner.uid}` }] : [],
    ),
  };
}

function unusualOrigins({ packages }: Inventory): InventoryFinding {
  return {
    ruleId: 'package-from-direct-address',
    title: 'Packages that were installed from an address instead of an index',
    step: 'Confirm packages that came from an address, not an index',
    severity: 'low',
    why: 'No index checks them and no advisory names them.',
    advice: 'Confirm where each comes from; publish own packages on the company index.',
    hoursEach: 0.5,
    evidence: packages.flatMap(({ distribution, version, origin, isEditable, site }) =>
      origin === undefined || isEditable === true || origin.startsWith('file:')
        ? []
        : [{ path: site, note: `${distribution} ${version ?? ''} from ${origin}` }],
    ),
  };
}

function onlyCopies({ scripts }: Inventory): InventoryFinding {
  const places = new Set(['desktop', 'documents', 'downloads', 'home']);
  return {
    ruleId: 'script-only-copy',
    title: 'Scripts that exist only on this disk',
    step: 'Put scripts that exist only on this disk into a repository',
    severity: 'low',
    why: 'They lie in personal folders without a repository: a lost disk or a leaver takes them along.',
    advice: 'Put those that matter into a company repository.',
    hoursEach: 0.25,
    evidence: scripts.flatMap(({ path, role, place }) =>
      role === 'script' && places.has(place.class) && place.hasRemote !== true ? [{ path, note: place.class }] : [],
    ),
  };
}

function brokenEnvironments({ environments, interpreters }: Inventory): InventoryFinding {
  return {
    ruleId: 'environment-broken',
    title: 'Environments and interpreters that cannot start',
    step: 'Clear away environments and interpreters that cannot start',
    severity: 'low',
    why: 'What depends on them has stopped, or has moved somewhere else.',
    advice: 'Remove them, or make them anew.',
    hoursEach: 0.25,
    evidence: [
      ...environments.map(({ prefix, problem }) => ({ path: prefix, problem })),
      ...interpreters.map(({ path, problem }) => ({ path, problem })),
    ].flatMap(({ path, problem }) => (problem === undefined ? [] : [{ path, note: problem }])),
  };
}

function cloudOnly({ scripts, notebooks }: Inventory): InventoryFinding {
  return {
    ruleId: 'script-not-read',
    title: 'Scripts that could not be looked into',
    step: 'Look again at scripts that could not be read',
    severity: 'low',
    why: 'Their content lies in a cloud only, is too large or may not be read by this account: nothing is known of them but their name.',
    advice: 'Scan again where they are present, or with an account that may read them.',
    hoursEach: 0.1,
    evidence: [...scripts, ...notebooks].flatMap(({ path, notRead }) =>
      notRead === undefined ? [] : [{ path, note: notRead }],
    ),
  };
}

function personalData(sample: DataSample | undefined): InventoryFinding {
  return {
    ruleId: 'personal-data-beside-script',
    title: 'Files with personal or confidential data lie beside scripts',
    step: 'Move personal data out of the folders of scripts',
    severity: 'medium',
    why: 'Copies of such data in folders of scripts are in no register, have no date of deletion and go wherever the folder goes.',
    advice: 'Read the data where it belongs, with the rights of whoever runs the script, and delete the copies.',
    hoursEach: 0.5,
    evidence: (sample?.files ?? []).flatMap((file) =>
      file.kinds.length === 0
        ? []
        : [{ path: file.path, note: `${kindsText(file)}${file.namedBy.length > 0 ? '; read by a script' : ''}` }],
    ),
  };
}
