import type { PolicyVersionRow, Session } from '@sentinel/protocol';
import { useState } from 'react';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { ReasonDialog } from '../../ui/reason-dialog.tsx';
import { SimulateDialog } from './simulate-dialog.tsx';

type Act = 'simulate' | 'advance' | 'approve' | 'refuse' | 'withdraw' | 'rollback';

interface Props {
  readonly version: PolicyVersionRow;
  readonly versions: readonly PolicyVersionRow[];
  readonly session: Session;
}

const CHANGES = ['policies', 'policy'];

/** What can be done with a version by who is signed in. */
export function VersionActions({ version, versions, session }: Props) {
  const [act, setAct] = useState<Act>();
  const [isEarly, setEarly] = useState(false);
  const { policyId } = version;
  const params = { policyId, version: version.version };
  const canWrite = session.permissions.includes('policy.write');
  const canApprove = session.permissions.includes('policy.approve') && session.userName !== version.author;
  const isOpen = version.stage === 'simulated' || version.stage === 'shadow';
  const next = nextWords(version);
  const close = () => setAct(undefined);
  return (
    <>
      {canWrite && version.stage !== 'superseded' && version.stage !== 'withdrawn' ? (
        <Button onClick={() => setAct('simulate')}>Simulate</Button>
      ) : null}
      {canApprove && version.needsApproval && isOpen ? (
        <>
          <Button onClick={() => setAct('approve')}>Agree</Button>
          <Button onClick={() => setAct('refuse')}>Refuse</Button>
        </>
      ) : null}
      {canWrite && next !== undefined ? (
        <Button look="primary" onClick={() => setAct('advance')}>
          {next}
        </Button>
      ) : null}
      {canWrite && version.stage === 'superseded' ? (
        <Button onClick={() => setAct('rollback')}>Roll back to it</Button>
      ) : null}
      {canWrite && (isOpen || version.stage === 'rollout' || version.stage === 'enforced') ? (
        <Button look="quiet" onClick={() => setAct('withdraw')}>
          Withdraw
        </Button>
      ) : null}
      {act === 'simulate' ? <SimulateDialog version={version} onClose={close} /> : null}
      {act === 'advance' ? (
        <ReasonDialog
          title={next ?? 'Go on'}
          hint="The gates are checked now: second person, health, and the time that it has to be watched."
          verb={next ?? 'Go on'}
          changes={CHANGES}
          perform={(reason) => client.advancePolicyVersion({ params, body: { reason, isEarly } })}
          onClose={close}
        >
          {version.stage === 'simulated' ? null : (
            <label className="check">
              <input type="checkbox" checked={isEarly} onChange={(event) => setEarly(event.target.checked)} /> Before
              the time to watch it is over
            </label>
          )}
        </ReasonDialog>
      ) : null}
      {act === 'approve' || act === 'refuse' ? (
        <ReasonDialog
          title={act === 'approve' ? 'Agree as the second person' : 'Refuse it'}
          hint={
            act === 'approve'
              ? 'From then on it may stop acts of people. Look at its difference and its simulation first.'
              : 'It stays in shadow until a new version is saved.'
          }
          verb={act === 'approve' ? 'Agree' : 'Refuse'}
          changes={CHANGES}
          perform={(reason) => client.decidePolicyVersion({ params, body: { isApproved: act === 'approve', reason } })}
          onClose={close}
        />
      ) : null}
      {act === 'withdraw' ? (
        <ReasonDialog
          title={`Withdraw version ${version.version}`}
          hint={
            versions.some((one) => one.stage === 'enforced' && one.version !== version.version)
              ? 'The version in force goes on alone.'
              : 'No other version is in force: the policy ends with the next signed bundle.'
          }
          verb="Withdraw"
          changes={CHANGES}
          perform={(reason) => client.withdrawPolicyVersion({ params, body: { reason } })}
          onClose={close}
        />
      ) : null}
      {act === 'rollback' ? (
        <ReasonDialog
          title={`Roll back to version ${version.version}`}
          hint="What is in force or on its way now is withdrawn."
          verb="Roll back"
          changes={CHANGES}
          perform={(reason) =>
            client.rollBackPolicy({ params: { policyId }, body: { version: version.version, reason } })
          }
          onClose={close}
        />
      ) : null}
    </>
  );
}

function nextWords({ stage, percent, mode }: PolicyVersionRow): string | undefined {
  if (stage === 'simulated') return 'Start in shadow';
  if (stage === 'shadow') return mode === 'monitor' ? 'Put in force' : 'Start the rollout at 1 %';
  if (stage !== 'rollout') return undefined;
  if (percent === 100) return 'Put in force';
  return `Go on to ${percent < 10 ? 10 : percent < 50 ? 50 : 100} %`;
}
