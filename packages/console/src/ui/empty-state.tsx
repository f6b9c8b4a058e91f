import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  /** Why it is empty and what to do next. */
  readonly children: ReactNode;
}

/** What stands where a list would stand: why there is none, and the next step. */
export function EmptyState({ title, children }: Props) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}
