import { type ReactNode, useId } from 'react';

interface Props {
  readonly title: string;
  /** Quiet words beside the title: counts, time span. */
  readonly note?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A titled region of a page. */
export function Panel({ title, note, children, className }: Props) {
  const id = useId();
  return (
    <section className={`panel ${className ?? ''}`} aria-labelledby={id}>
      <div className="panel__head">
        <h2 id={id}>{title}</h2>
        {note === undefined ? null : <div className="panel__note">{note}</div>}
      </div>
      {children}
    </section>
  );
}
