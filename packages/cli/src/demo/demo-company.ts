import { join } from 'node:path';
import type { CompanyDocument, Responsibility } from '@sentinel/protocol';
import type { DemoFolder } from './demo-folder.ts';
import { leftAt, type ScenarioContext, scenarioContext } from './scenario-context.ts';
import type { Scenario } from './scenarios.ts';

/**
 * What the demo's company says of itself, as a server takes it: the same facts that each script is judged with when no server is
 * there. All of it is invented.
 * @param now - Time of the play: the analyst's computer stands in the time zone where it is night then.
 */
export function demoCompany(scenarios: readonly Scenario[], folder: DemoFolder, now: Date): CompanyDocument {
  const contexts = scenarios.map((scenario) => ({ scenario, context: scenarioContext(scenario, folder, now) }));
  const [first] = contexts;
  return {
    source: 'demo',
    departments: contexts.map(({ scenario, context }) => ({
      id: scenario.name,
      name: DEPARTMENTS[scenario.name] ?? scenario.person,
      ...(context.calendar === undefined ? {} : { calendar: context.calendar }),
      schedules: [],
    })),
    responsibilities: contexts.map(({ scenario, context }) => responsibilityOf(scenario, folder, context)),
    places: first?.context.labels ?? [],
    settings: {
      businessSystems: first?.context.businessSystems ?? [],
      hosts: { internal: [], approved: [], personalCloud: [], messaging: [] },
      mailDomains: [],
      ai: { isLocalApproved: true, ...first?.context.ai },
      sampling: { files: [] },
      limits: {},
    },
    packageVerdicts: first?.context.packageVerdicts ?? [],
    people: scenarios
      .filter(({ leftDaysAgo }) => leftDaysAgo !== undefined)
      .map((scenario) => ({
        userName: scenario.person,
        displayName: scenario.person,
        department: scenario.name,
        // All scripts of the demo run on the account of whoever plays it: she owned hers, and had an account elsewhere.
        accounts: [`${scenario.name}-analyst`],
        status: 'left' as const,
        leftAt: leftAt(scenario, now),
      })),
    knownSchedules: scenarios.flatMap(({ name, script, schedule }) =>
      schedule === undefined
        ? []
        : [{ ...schedule, kind: 'cron', user: `${name}-analyst`, script: join(folder.people, name, script) }],
    ),
  };
}

const DEPARTMENTS: Readonly<Record<string, string>> = {
  finance: 'Finance',
  'accounts-payable': 'Accounts payable',
  clinical: 'Clinical data',
  marketing: 'Marketing',
  treasury: 'Treasury',
};

function responsibilityOf({ name }: Scenario, folder: DemoFolder, { script }: ScenarioContext): Responsibility {
  return {
    kind: 'path',
    match: `${folder.people}/${name}/**`,
    departmentId: name,
    ...(script.owner === undefined ? {} : { owner: script.owner }),
    ...(script.sanction === undefined || script.sanction === 'unreviewed' ? {} : { sanction: script.sanction }),
  };
}
