import type { ReactNode } from 'react';

/** How a badge looks; shape and colour differ, and the text always says it. */
export type Tone = 'neutral' | 'ok' | 'bad' | 'warn' | 'live';

/** A short state in words. */
export function Badge({
  tone,
  title,
  children,
}: {
  readonly tone: Tone;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <span className={`badge badge--${tone}`} title={title}>
      {children}
    </span>
  );
}
