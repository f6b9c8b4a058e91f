import type { PolicyVersionRow, Simulation } from '@sentinel/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { client } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatCount } from '../../ui/format-count.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Segments } from '../../ui/segments.tsx';

const DAYS = [
  { value: '1', text: '1 day' },
  { value: '30', text: '30 days' },
  { value: '90', text: '90 days' },
] as const;

/** Plays a version over history and says how far it is. */
export function SimulateDialog({
  version,
  onClose,
}: {
  readonly version: PolicyVersionRow;
  readonly onClose: () => void;
}) {
  const queryClient = useQueryClient();
  const [days, setDays] = useState<(typeof DAYS)[number]['value']>('30');
  const start = useMutation({
    mutationFn: () =>
      client.simulatePolicyVersion({
        params: { policyId: version.policyId, version: version.version },
        body: { days: Number(days), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
      }),
  });
  const id = start.data?.id;
  const running = useQuery({
    queryKey: ['simulation', id],
    queryFn: () => client.getSimulation({ params: { simulationId: id ?? '' } }),
    enabled: id !== undefined,
    refetchInterval: (query) =>
      query.state.data?.status === 'running' || query.state.data === undefined ? 500 : false,
  });
  const simulation: Simulation | undefined = running.data ?? start.data;
  const isDone = simulation?.status === 'done';
  useEffect(() => {
    if (!isDone) return;
    void queryClient.invalidateQueries({ queryKey: ['policies'] });
    void queryClient.invalidateQueries({ queryKey: ['policy'] });
  }, [isDone, queryClient]);
  const cancel = () => {
    if (id !== undefined && simulation?.status === 'running')
      void client.cancelSimulation({ params: { simulationId: id } }).catch(() => undefined);
    onClose();
  };
  return (
    <Dialog title={`Simulate version ${version.version}`} isOpen onClose={cancel}>
      <div className="stack">
        <p className="muted">What it would have hit over the history that is stored. Nobody notices anything.</p>
        <Segments label="History" options={DAYS} value={days} onChange={setDays} />
        {simulation === undefined ? null : (
          <output aria-live="polite">
            {simulation.status === 'running'
              ? `${Math.round(simulation.share * 100)} %, ${formatCount(simulation.activities)} activities played`
              : simulation.status === 'done'
                ? `Done: ${formatCount(simulation.statements.reduce((sum, one) => sum + one.hits, 0))} hits over ${formatCount(simulation.activities)} activities. The view “Simulation” names them.`
                : (simulation.problem ?? 'It was cancelled.')}
          </output>
        )}
        {start.isError ? <ProblemNotice error={start.error} /> : null}
        <div className="dialog__actions">
          <Button onClick={cancel}>{isDone ? 'Close' : 'Cancel'}</Button>
          {isDone ? null : (
            <Button
              look="primary"
              disabled={start.isPending || simulation?.status === 'running'}
              onClick={() => start.mutate()}
            >
              {simulation?.status === 'running' ? 'Playing …' : 'Play it'}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
