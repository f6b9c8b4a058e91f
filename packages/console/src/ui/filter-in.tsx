import { FilterIcon } from './icons.tsx';

interface Props {
  readonly text: string;
  /** What the button does. */
  readonly label: string;
  readonly onFilter?: () => void;
}

/** A value with a button that narrows the list to it. */
export function FilterIn({ text, label, onFilter }: Props) {
  return (
    <span className="filter-cell">
      <span className="truncate" style={{ maxWidth: '14rem' }} title={text}>
        {text}
      </span>
      {onFilter === undefined ? null : (
        <button type="button" className="icon-button" aria-label={label} title={label} onClick={onFilter}>
          <FilterIcon size={13} />
        </button>
      )}
    </span>
  );
}
