import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { client } from '../../api/client.ts';
import { sessionQuery } from '../../api/get-session.ts';
import { Button } from '../../ui/button.tsx';
import { WarnIcon } from '../../ui/icons.tsx';
import { Time } from '../../ui/time.tsx';

// The banner looks on every page; the dialog is needed on none of them but in an emergency.
const ReasonDialog = lazy(() =>
  import('../../ui/reason-dialog.tsx').then((module) => ({ default: module.ReasonDialog })),
);

/** Over every page while policies only report, or somebody asks for that. */
export function BreakGlassBanner() {
  const queryClient = useQueryClient();
  const state = useQuery({
    queryKey: ['break-glass'],
    queryFn: () => client.getBreakGlass(),
    refetchInterval: 15_000,
  });
  const session = useQuery(sessionQuery);
  const [isConfirming, setConfirming] = useState(false);
  const current = state.data?.current;
  if (current === undefined) return null;
  const may = (permission: 'policy.approve' | 'action.send') => session.data?.permissions.includes(permission) === true;
  const isActive = current.state === 'active';
  const end = () =>
    void client.endBreakGlass().finally(() => void queryClient.invalidateQueries({ queryKey: ['break-glass'] }));
  return (
    <section className="notice notice--warn break-glass" aria-label="Break-glass" aria-live="polite">
      <WarnIcon />
      <div>
        <span className="notice__title">
          {isActive ? 'Policies only report now' : `${current.askedBy} asks that policies only report`}
        </span>
        <span>
          {isActive ? (
            <>
              Asked for by {current.askedBy}, confirmed by {current.confirmedBy}, until{' '}
              {current.until === undefined ? 'it is ended' : <Time iso={current.until} />}: {current.reason}
            </>
          ) : (
            <>
              For {current.minutes} minutes: {current.reason}
            </>
          )}
        </span>
        <span className="notice__actions">
          {!isActive && may('policy.approve') && session.data?.userName !== current.askedBy ? (
            <Button onClick={() => setConfirming(true)}>Confirm</Button>
          ) : null}
          {may('action.send') ? <Button onClick={end}>{isActive ? 'End it' : 'Take it back'}</Button> : null}
        </span>
      </div>
      {isConfirming ? (
        <Suspense>
          <ReasonDialog
            title="Let policies only report"
            hint={`For ${current.minutes} minutes nothing is stopped. It reaches endpoints with the next signed bundle.`}
            verb="Confirm"
            changes={['break-glass']}
            perform={(reason) => client.confirmBreakGlass({ body: { reason } })}
            onClose={() => setConfirming(false)}
          />
        </Suspense>
      ) : null}
    </section>
  );
}
