import { useMutation, useQueryClient } from '@tanstack/react-query';
import { overviewQuery } from '../../api/get-overview.ts';
import { Button } from '../../ui/button.tsx';
import { PlayIcon } from '../../ui/icons.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { startDemo } from './start-demo.ts';

interface Props {
  readonly demo: { readonly available: boolean; readonly running: boolean };
  readonly look: 'plain' | 'primary';
}

/** Starts the demo and says that it plays. */
export function PlayDemo({ demo, look }: Props) {
  const queryClient = useQueryClient();
  const start = useMutation({
    mutationFn: startDemo,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: overviewQuery.queryKey }),
  });
  if (!demo.available) return null;
  const isRunning = demo.running || start.isPending;
  return (
    <>
      <Button look={look} onClick={() => start.mutate()} disabled={isRunning}>
        <PlayIcon size={13} />
        {isRunning ? 'The demo plays …' : 'Play the demo'}
      </Button>
      <output className="visually-hidden">{isRunning ? 'The demo plays; its runs appear as they start.' : ''}</output>
      {start.isError ? <ProblemNotice error={start.error} /> : null}
    </>
  );
}
