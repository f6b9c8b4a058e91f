import { comparePolicies, readPolicy, summariseStatements } from '@sentinel/policy';
import { type KeptSimulation, SentinelError, type Simulation } from '@sentinel/protocol';
import { checkHistory } from '../policy/check-history.ts';
import { checkSource } from '../policy/check-source.ts';
import { listPolicyPage, policyRowOf, versionFor } from '../policy/list-policies.ts';
import { advance, POLICY_TOPIC, rollBack, versionOf, withdraw } from '../policy/move-version.ts';
import { planPolicies, textOf } from '../policy/plan-policies.ts';
import { saveVersion } from '../policy/save-version.ts';
import type { Services } from '../services.ts';
import { addObjection } from '../store/policy-objection.ts';
import {
  changeVersion,
  compiledOf,
  findVersion,
  listVersions,
  needsSecondPerson,
  simulatedOf,
  toVersionRow,
} from '../store/policy-version.ts';
import { findRuns } from '../store/run.ts';
import { DAY_MS } from '../store/store-time.ts';
import type { Handlers } from './handler.ts';

type Ids =
  | 'listPolicies'
  | 'getPolicy'
  | 'getPolicyVersion'
  | 'comparePolicyVersions'
  | 'checkPolicy'
  | 'planPolicies'
  | 'savePolicy'
  | 'simulatePolicyVersion'
  | 'decidePolicyVersion'
  | 'advancePolicyVersion'
  | 'withdrawPolicyVersion'
  | 'rollBackPolicy'
  | 'objectToDecision';

/** Policies, their versions and their life. */
export function policies(services: Services): Handlers<Ids> {
  const { control, audit, signals, simulations } = services;
  return {
    listPolicies: ({ person, query }) => listPolicyPage(services, query, person.scope, Date.now()),
    async getPolicy({ person, params: { policyId } }) {
      const [row, versions] = await Promise.all([
        policyRowOf(services, policyId, person.scope, Date.now()),
        listVersions(control, policyId),
      ]);
      return { ...row, versions: versions.map((version) => versionFor(person.scope, version)) };
    },
    async getPolicyVersion({ person, params: { policyId, version } }) {
      const row = await versionOf(services, policyId, version);
      const { source } = readPolicy(row.source);
      return {
        ...versionFor(person.scope, row),
        source: row.source,
        statements: source === undefined ? [] : summariseStatements(source),
        // Names of the whole fleet stand there.
        simulated: person.scope.isAll ? simulatedOf(row) : [],
      };
    },
    async comparePolicyVersions({ params: { policyId, version }, query: { from } }) {
      const row = await versionOf(services, policyId, version);
      const older = (await listVersions(control, policyId)).filter((one) => one.version !== version);
      const other =
        from === undefined
          ? (older.find(({ stage }) => stage === 'enforced') ?? older.find((one) => one.version < version))
          : await versionOf(services, policyId, from);
      return comparePolicies(other === undefined ? undefined : textOf(other), textOf(row));
    },
    async checkPolicy({ body }) {
      const { isGood, source, compiled, examples, remarks } = checkSource(body.source);
      return {
        ...(compiled === undefined ? {} : { policyId: compiled.id, version: compiled.version }),
        isGood,
        examples,
        remarks,
        statements: source === undefined ? [] : summariseStatements(source),
      };
    },
    async planPolicies({ body: { sources, from, to, timeZone } }) {
      const { changes, absent, policies: toPlay } = await planPolicies(control, sources);
      if (from === undefined || toPlay.length === 0) return { changes, absent };
      const toMs = to === undefined ? Date.now() : Date.parse(to);
      const fromMs = Date.parse(from);
      checkHistory(fromMs, toMs, timeZone);
      return { changes, absent, simulation: simulations.start({ policies: toPlay, fromMs, toMs, timeZone }) };
    },
    async savePolicy({ person, body: { source, reason, ticket } }) {
      const { isNew, row } = await saveVersion(
        control,
        source,
        { accountId: person.accountId, userName: person.userName, reason, ticket },
        Date.now(),
      );
      if (isNew) {
        const object = { kind: 'policy', id: `${row.policy_id}@${row.version}` };
        await audit.record(person, { action: 'policy.save', object, after: { title: row.title, ticket }, reason });
      }
      return { isNew, version: toVersionRow(row) };
    },
    async simulatePolicyVersion({ person, params: { policyId, version }, body: { days, timeZone } }) {
      const row = await versionOf(services, policyId, version);
      const nowMs = Date.now();
      const history = { fromMs: nowMs - days * DAY_MS, toMs: nowMs };
      checkHistory(history.fromMs, history.toMs, timeZone);
      const onDone = async (outcome: Simulation) => {
        const seen = await findVersion(control, policyId, version);
        if (seen === undefined) return;
        const simulation = JSON.stringify(keptOf(outcome, days));
        const simulated = JSON.stringify(outcome.statements);
        await changeVersion(
          control,
          seen,
          seen.stage === 'draft'
            ? { simulation, simulated, stage: 'simulated', stage_since: Date.now() }
            : { simulation, simulated },
        );
        const object = { kind: 'policy', id: `${policyId}@${version}` };
        await audit.record(person, { action: 'policy.simulate', object, after: keptOf(outcome, days) });
        await signals.publish(POLICY_TOPIC, policyId);
      };
      return simulations.start({ policies: [compiledOf(row)], ...history, timeZone, onDone });
    },
    async decidePolicyVersion({ person, params: { policyId, version }, body: { isApproved, reason } }) {
      const row = await versionOf(services, policyId, version);
      if (row.author_id === person.accountId)
        throw new SentinelError('not-allowed', 'Who wrote a version cannot be its second person.');
      if (!needsSecondPerson(compiledOf(row)))
        throw new SentinelError('conflict', 'It stops and changes nothing: it takes no second person.');
      if (row.stage !== 'simulated' && row.stage !== 'shadow')
        throw new SentinelError(
          'conflict',
          `It is ${row.stage}: decisions are made once it was simulated, before its rollout.`,
        );
      const decision = { isApproved, by: person.userName, at: new Date().toISOString(), reason };
      if (!(await changeVersion(control, row, { decision: JSON.stringify(decision) })))
        throw new SentinelError('conflict', 'Somebody else moved it at the same time.');
      const object = { kind: 'policy', id: `${policyId}@${version}` };
      const action = isApproved ? 'policy.approve' : 'policy.refuse';
      await audit.record(person, { action, object, after: { stage: row.stage }, reason });
      await signals.publish(POLICY_TOPIC, policyId);
      return toVersionRow(await versionOf(services, policyId, version));
    },
    async advancePolicyVersion({ person, params: { policyId, version }, body }) {
      const row = await versionOf(services, policyId, version);
      return toVersionRow(await advance(services, person, row, body, Date.now()));
    },
    async withdrawPolicyVersion({ person, params: { policyId, version }, body: { reason } }) {
      const row = await versionOf(services, policyId, version);
      return toVersionRow(await withdraw(services, person, row, reason, Date.now()));
    },
    async rollBackPolicy({ person, params: { policyId }, body: { version, reason } }) {
      const row = await versionOf(services, policyId, version);
      return toVersionRow(await rollBack(services, person, row, reason, Date.now()));
    },
    async objectToDecision({ person, body }) {
      const run = (await findRuns(services.events, [body.runId], person.scope)).at(-1);
      if (run === undefined) throw new SentinelError('not-found', 'There is no run with this id.');
      const { id } = await addObjection(control, {
        policy_id: body.policyId,
        statement_id: body.statementId,
        run_id: body.runId,
        account_id: person.accountId,
        reason: body.reason,
        at: Date.now(),
      });
      const object = { kind: 'policy', id: body.policyId };
      const after = { statementId: body.statementId, runId: body.runId };
      await audit.record(person, { action: 'policy.object', object, after, reason: body.reason });
      return { id };
    },
  };
}

function keptOf({ from, to, activities, statements }: Simulation, days: number): KeptSimulation {
  const hits = statements.reduce((sum, one) => sum + one.hits, 0);
  return {
    from,
    to,
    activities,
    at: new Date().toISOString(),
    hits,
    runs: statements.reduce((sum, one) => sum + one.runs, 0),
    hitsPerDay: hits / days,
  };
}
