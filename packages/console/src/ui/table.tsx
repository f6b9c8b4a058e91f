import type { ReactNode } from 'react';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers stand right. */
  readonly numeric?: boolean;
  /** Longer words for the title, as a tooltip. */
  readonly hint?: string;
}

interface Props {
  /** What the table lists, for people who do not see it. */
  readonly label: string;
  readonly columns: readonly Column[];
  /** The first link of each row covers its row. */
  readonly linked?: boolean;
  /** Rows: `<tr>` elements. */
  readonly children: ReactNode;
}

/** A table in a region that scrolls sideways by itself, so that the page never does. */
export function Table({ label, columns, linked = false, children }: Props) {
  return (
    // A region that scrolls must take the focus, else the keyboard cannot scroll it. Source: WCAG 2.2, 2.1.1.
    // A group, not a landmark: the panel around it is the landmark of this name.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex, jsx-a11y/prefer-tag-over-role -- HTML has no element for it
    <div className="table-region" role="group" aria-label={`${label}, table`} tabIndex={0}>
      <table className={linked ? 'table table--linked' : 'table'}>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.title}
                scope="col"
                className={column.numeric === true ? 'num' : undefined}
                title={column.hint}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** A cell with a number; zero is quiet. */
export function NumberCell({ value, text }: { readonly value: number; readonly text: string }) {
  return <td className={value === 0 ? 'num zero' : 'num'}>{text}</td>;
}
