import { streamRuns as operation, type RunRow, type streamRuns } from '@sentinel/protocol';
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import type { z } from 'zod';

type StreamEvent = z.infer<(typeof streamRuns)['response']>;

/** Filters that the server applies to the stream. */
export interface StreamFilter {
  readonly q?: string | undefined;
  readonly endpointId?: string | undefined;
  readonly scriptId?: string | undefined;
  readonly userName?: string | undefined;
}

/** Where the connection stands; `waiting` is the pause before another try, `hidden` a tab out of sight. */
export type StreamState = 'off' | 'connecting' | 'live' | 'waiting' | 'hidden';

interface Handlers {
  readonly onRuns: (runs: readonly RunRow[]) => void;
  readonly onDropped: (count: number) => void;
  /** A connection stands; what happened before it has to be asked for. */
  readonly onOpen: () => void;
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
/** Rows are handed on together, so that a burst costs one drawing. */
const FLUSH_MS = 250;

/**
 * New and changed runs as they come.
 *
 * Reconnects by itself with growing pauses, and lets go of the connection while the tab is hidden.
 */
export function useRunStream(filter: StreamFilter, isOn: boolean, handlers: Handlers): StreamState {
  const [state, setState] = useState<Exclude<StreamState, 'off' | 'hidden'>>('connecting');
  const isVisible = useSyncExternalStore(subscribeVisibility, () => document.visibilityState === 'visible');
  const url = streamUrl(filter);
  const onRuns = useEffectEvent(handlers.onRuns);
  const onDropped = useEffectEvent(handlers.onDropped);
  const onOpen = useEffectEvent(handlers.onOpen);

  useEffect(() => {
    if (!isOn || !isVisible) return;
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let flush: ReturnType<typeof setTimeout> | undefined;
    let pauseMs = FIRST_RETRY_MS;
    let waiting: RunRow[] = [];

    const connect = () => {
      setState('connecting');
      source = new EventSource(url);
      source.addEventListener('open', () => {
        pauseMs = FIRST_RETRY_MS;
        setState('live');
        onOpen();
      });
      source.addEventListener('message', (message: MessageEvent<string>) => {
        const event = readEvent(message.data);
        if (event?.kind === 'dropped') onDropped(event.count);
        if (event?.kind !== 'run') return;
        waiting.push(event.run);
        flush ??= setTimeout(() => {
          flush = undefined;
          const runs = waiting;
          waiting = [];
          onRuns(runs);
        }, FLUSH_MS);
      });
      source.addEventListener('error', () => {
        // The browser's own retry knows no back-off and gives up on some answers.
        source?.close();
        setState('waiting');
        retry = setTimeout(connect, pauseMs);
        pauseMs = Math.min(pauseMs * 2, LONGEST_RETRY_MS);
      });
    };
    connect();
    return () => {
      source?.close();
      clearTimeout(retry);
      clearTimeout(flush);
    };
  }, [isOn, isVisible, url]);

  if (!isOn) return 'off';
  return isVisible ? state : 'hidden';
}

function streamUrl({ q, endpointId, scriptId, userName }: StreamFilter): string {
  const url = new URL(`/api/v1${operation.path}`, location.origin);
  for (const [name, value] of Object.entries({ q, endpointId, scriptId, userName })) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

function readEvent(text: string): StreamEvent | undefined {
  try {
    return operation.response.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function subscribeVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}
