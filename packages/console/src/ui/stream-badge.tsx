import type { StreamState } from '../api/use-run-stream.ts';
import { Badge, type Tone } from './badge.tsx';

const WORDS: Record<StreamState, { tone: Tone; text: string; title: string }> = {
  off: { tone: 'neutral', text: 'Not live', title: 'The list stands still' },
  connecting: { tone: 'warn', text: 'Connecting', title: 'The live connection is being made' },
  live: { tone: 'live', text: 'Live', title: 'New and changed runs appear by themselves' },
  waiting: { tone: 'warn', text: 'Reconnecting', title: 'The live connection broke; the next try comes by itself' },
  hidden: { tone: 'neutral', text: 'Asleep', title: 'The tab is hidden' },
};

/** Where the live connection stands, in a word. */
export function StreamBadge({ state }: { readonly state: StreamState }) {
  const { tone, text, title } = WORDS[state];
  return (
    <Badge tone={tone} title={title}>
      {text}
    </Badge>
  );
}
