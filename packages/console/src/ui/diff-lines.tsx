import type { DiffLine } from '@sentinel/protocol';

/** Unchanged lines that are shown around a change. */
const CONTEXT = 3;
const MARKS = { same: ' ', added: '+', removed: '-' } as const;
const WORDS = { same: '', added: 'added: ', removed: 'removed: ' } as const;

/** A difference between two texts, line by line; what is far from any change is left out. */
export function DiffLines({ label, lines }: { readonly label: string; readonly lines: readonly DiffLine[] }) {
  const near = new Set<number>();
  for (const [at, { kind }] of lines.entries())
    if (kind !== 'same') for (let line = at - CONTEXT; line <= at + CONTEXT; line += 1) near.add(line);
  if (near.size === 0) return <p className="panel__body muted">No line differs.</p>;
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- a region that scrolls takes the focus
    <div className="source" role="group" aria-label={label} tabIndex={0}>
      <ol className="source__lines">
        {lines.map(({ kind, text, fromLine, toLine }, at) =>
          near.has(at) ? (
            // oxlint-disable-next-line react/no-array-index-key -- lines have no other name, and their order is fixed
            <li key={at} className={`source__line source__line--${kind}`}>
              <span className="source__number" aria-hidden="true">
                {toLine ?? fromLine}
              </span>
              <span className="source__mark" aria-hidden="true">
                {MARKS[kind]}
              </span>
              <span className="visually-hidden">{WORDS[kind]}</span>
              <code>{text}</code>
            </li>
          ) : near.has(at - 1) ? (
            // oxlint-disable-next-line react/no-array-index-key -- as above
            <li key={at} className="source__gap" aria-label="unchanged lines are left out">
              …
            </li>
          ) : null,
        )}
      </ol>
    </div>
  );
}

/** A text with its line numbers. */
export function SourceText({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- a region that scrolls takes the focus
    <div className="source" role="group" aria-label={label} tabIndex={0}>
      <ol className="source__lines">
        {text
          .trimEnd()
          .split('\n')
          .map((line, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- a line's number is its name
            <li key={at} className="source__line">
              <span className="source__number" aria-hidden="true">
                {at + 1}
              </span>
              <code>{line}</code>
            </li>
          ))}
      </ol>
    </div>
  );
}
