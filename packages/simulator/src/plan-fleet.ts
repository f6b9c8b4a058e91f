import { createHash } from 'node:crypto';
import type { EndpointFacts } from '@sentinel/protocol';
import type { RunTemplate } from './read-templates.ts';
import { SeededRandom } from './seeded-random.ts';

/** What a fleet is made from. */
export interface FleetOptions {
  readonly endpoints: number;
  /** The same seed gives the same fleet. */
  readonly seed: string;
  readonly templates: readonly RunTemplate[];
  /** Runs of one endpoint in an hour, on average. */
  readonly runsPerHour?: number;
  /** Endpoints start within this time, evenly. */
  readonly startSpreadMs?: number;
  /** Share of runs that end by an exception. */
  readonly failureShare?: number;
  /** Share of endpoints behind a slow link. */
  readonly slowShare?: number;
  /** Share of endpoints whose clock is wrong. */
  readonly skewShare?: number;
}

/** A version of a script; copies of it lie on many endpoints. */
export interface PlannedScript {
  readonly template: RunTemplate;
  readonly scriptId: string;
  readonly sha256: string;
  readonly name: string;
  /** Changes of the recorded paths and names that make it another script. */
  readonly variant: number;
}

/** One endpoint of a fleet. */
export interface PlannedEndpoint {
  readonly index: number;
  readonly facts: EndpointFacts;
  readonly userName: string;
  readonly userId: number;
  readonly scripts: readonly PlannedScript[];
  readonly runsPerHour: number;
  readonly failureShare: number;
  readonly startDelayMs: number;
  readonly linkDelayMs: number;
  readonly clockSkewMs: number;
}

/** A fleet that is not there. */
export interface FleetPlan {
  readonly seed: string;
  readonly endpoints: readonly PlannedEndpoint[];
  readonly scripts: readonly PlannedScript[];
}

const DEPARTMENTS = ['fin', 'ap', 'clin', 'mkt', 'ops', 'hr', 'rnd', 'log'];
const FIRST = [
  'ada',
  'ben',
  'cleo',
  'dan',
  'eva',
  'finn',
  'gia',
  'hal',
  'ida',
  'jon',
  'kim',
  'lea',
  'max',
  'nia',
  'oto',
];
const LAST = ['ahn', 'bauer', 'costa', 'dupont', 'eriks', 'fox', 'garcia', 'horvat', 'ito', 'jansen', 'kaya', 'lund'];
const SYSTEMS: readonly [type: string, version: string][] = [
  ['win32', '10.0.22631'],
  ['win32', '10.0.26100'],
  ['linux', '6.1.0-18'],
  ['darwin', '24.1.0'],
];
/** Distinct scripts for each hundred endpoints; most endpoints run a few that others run as well. */
const SCRIPTS_PER_HUNDRED = 60;

/** Makes a fleet: who there is, what they run and how well they are connected. */
export function planFleet(options: FleetOptions): FleetPlan {
  const { endpoints, seed, templates } = options;
  const random = new SeededRandom(`fleet ${seed}`);
  const ordinary = templates.filter(({ isOrdinary }) => isOrdinary);
  const count = Math.max(templates.length, Math.round((endpoints * SCRIPTS_PER_HUNDRED) / 100));
  const scripts = Array.from({ length: count }, (_, variant): PlannedScript => {
    const isOrdinary = ordinary.length > 0 && random.next() < 0.7;
    const template =
      variant < templates.length ? (templates[variant] as RunTemplate) : random.pick(isOrdinary ? ordinary : templates);
    const sha256 = createHash('sha256').update(`simulated ${seed} ${template.name} ${variant}`).digest('hex');
    return {
      template,
      variant,
      sha256,
      // The same as a real agent makes of a content: equal content, equal id.
      scriptId: createHash('sha256').update(`v1\0${sha256}`).digest('hex').slice(0, 32),
      name: variant < templates.length ? template.name : `${template.name.replace(/\.py$/, '')}_${variant}.py`,
    };
  });
  return {
    seed,
    scripts,
    endpoints: Array.from({ length: endpoints }, (_, index) => planEndpoint(index, options, scripts)),
  };
}

function planEndpoint(index: number, options: FleetOptions, scripts: readonly PlannedScript[]): PlannedEndpoint {
  const { seed, endpoints, runsPerHour = 6, startSpreadMs = 30_000, failureShare = 0.03 } = options;
  const { slowShare = 0.1, skewShare = 0.02 } = options;
  const random = new SeededRandom(`endpoint ${seed} ${index}`);
  const department = DEPARTMENTS[index % DEPARTMENTS.length] ?? 'ops';
  const [osType, osVersion] = random.pick(SYSTEMS, 1.6);
  const own = 1 + random.below(6);
  return {
    index,
    facts: {
      hostName: `${department}-${String(index).padStart(5, '0')}`,
      osType,
      osVersion,
      architecture: random.next() < 0.85 ? 'x64' : 'arm64',
      agentVersion: '0.1.0',
      groups: [department],
    },
    userName: `${random.pick(FIRST)}.${random.pick(LAST)}${index % 7 === 0 ? index : ''}`,
    userId: 1000 + index,
    scripts: Array.from({ length: own }, () => random.pick(scripts, 1.5)),
    runsPerHour: runsPerHour * random.factor(0.6),
    failureShare,
    startDelayMs: Math.round((index / Math.max(1, endpoints)) * startSpreadMs),
    linkDelayMs: random.next() < slowShare ? Math.round(random.exponential(800)) : 0,
    clockSkewMs: random.next() < skewShare ? Math.round((random.next() - 0.5) * 2 * 3_600_000) : 0,
  };
}
