import type { Run } from '@sentinel/protocol';
import { Badge, type Tone } from './badge.tsx';

/** How a run stands or ended, in words; what is not known is not called success. */
export function runOutcome(run: Pick<Run, 'status' | 'exitRoute' | 'exitCode' | 'exitSignal'>): {
  tone: Tone;
  text: string;
  detail: string;
} {
  if (run.status === 'running') return { tone: 'live', text: 'Running', detail: 'Goes on now.' };
  const code = run.exitCode;
  switch (run.exitRoute) {
    case 'exception':
      return {
        tone: 'bad',
        text: 'Exception',
        detail: `An exception reached the top${code === undefined ? '' : `; exit code ${code}`}.`,
      };
    case 'signal':
      return { tone: 'bad', text: run.exitSignal ?? 'Signal', detail: `Ended by ${run.exitSignal ?? 'a signal'}.` };
    case 'vanished':
      return {
        tone: 'warn',
        text: 'Vanished',
        detail: 'The process is gone and said nothing: killed, crashed or powered off.',
      };
    case 'exec':
      return { tone: 'neutral', text: 'Replaced', detail: 'The process became another program.' };
    case 'finished':
    case 'os._exit':
    case undefined: {
      const way = run.exitRoute === 'os._exit' ? ' It left through os._exit.' : '';
      if (code === undefined)
        return { tone: 'neutral', text: 'Exit not known', detail: `It ended; the exit code could not be seen.${way}` };
      if (code === 0) return { tone: 'ok', text: 'Succeeded', detail: `Exit code 0.${way}` };
      return { tone: 'bad', text: `Exit ${code}`, detail: `Ended with exit code ${code}.${way}` };
    }
  }
}

/** The outcome as a badge. */
export function RunOutcome({ run }: { readonly run: Parameters<typeof runOutcome>[0] }) {
  const { tone, text, detail } = runOutcome(run);
  return (
    <Badge tone={tone} title={detail}>
      {text}
    </Badge>
  );
}
