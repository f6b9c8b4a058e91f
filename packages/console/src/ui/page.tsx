import { type ReactNode, useEffect, useRef } from 'react';

interface Props {
  readonly title: string;
  /** Title of the document, where the page's own says too little alone. */
  readonly documentTitle?: string;
  /** Quiet line under the title. */
  readonly summary?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Title of the page before, so that only a change of page moves the focus. */
let shownTitle: string | undefined;

/** A page: sets the document's title and moves the focus to the heading when the reader came from another page. */
export function Page({ title, documentTitle = title, summary, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${documentTitle} · Sentinel`;
  }, [documentTitle]);
  useEffect(() => {
    if (shownTitle !== undefined && shownTitle !== title) heading.current?.focus({ preventScroll: true });
    shownTitle = title;
  }, [title]);
  return (
    <div className="page">
      <header className="page__head">
        <div className="page__titles">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {summary === undefined ? null : <div className="page__summary">{summary}</div>}
        </div>
        {actions === undefined ? null : <div className="page__actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}
