import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { ChevronIcon, CrossIcon, SearchIcon } from './icons.tsx';

/** A filter in force. */
export interface ActiveFilter {
  readonly name: string;
  readonly value: string;
  readonly onRemove: () => void;
}

interface BarProps {
  readonly children: ReactNode;
  /** Fields that are out of sight until asked for. */
  readonly more: ReactNode;
  readonly active: readonly ActiveFilter[];
  readonly onClear: () => void;
}

/** Filters of a list and those in force. */
export function FilterBar({ children, more, active, onClear }: BarProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <search className="filter-bar" aria-label="Filters">
      <div className="filter-bar__row">
        {children}
        <Button look="quiet" aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          More filters
          <ChevronIcon size={13} />
        </Button>
      </div>
      <div id={id} className="filter-bar__more" hidden={!isOpen}>
        {more}
      </div>
      {active.length === 0 ? null : (
        <ul className="filter-bar__active" aria-label="Filters in force">
          {active.map((filter) => (
            <li key={filter.name} className="chip">
              <span className="chip__name">{filter.name}</span>
              <span className="chip__value">{filter.value}</span>
              <button
                type="button"
                className="icon-button"
                aria-label={`Remove the filter ${filter.name}: ${filter.value}`}
                title="Remove"
                onClick={filter.onRemove}
              >
                <CrossIcon size={12} />
              </button>
            </li>
          ))}
          <li>
            <Button look="quiet" onClick={onClear}>
              Clear filters
            </Button>
          </li>
        </ul>
      )}
    </search>
  );
}

interface FieldProps {
  readonly label: string;
  readonly value: string | undefined;
  /** Gets `undefined` for an empty field. */
  readonly onChange: (value: string | undefined) => void;
}

/** The main text of a list; `/` takes the focus here. */
export function SearchFilter({ label, value, onChange, placeholder }: FieldProps & { readonly placeholder: string }) {
  const field = useSettledText(value, onChange);
  return (
    <label className="search-field">
      <span className="visually-hidden">{label}</span>
      <SearchIcon size={15} />
      <input
        type="search"
        className="input"
        data-search=""
        placeholder={placeholder}
        autoComplete="off"
        maxLength={200}
        {...field}
      />
    </label>
  );
}

/** A text that rows must have. */
export function TextFilter({ label, value, onChange, placeholder }: FieldProps & { readonly placeholder?: string }) {
  const field = useSettledText(value, onChange);
  return (
    <label className="field">
      <span className="field__label">{label}</span>
      <input type="text" className="input" placeholder={placeholder} autoComplete="off" maxLength={128} {...field} />
    </label>
  );
}

/** One of a list of values, or any. */
export function SelectFilter({
  label,
  value,
  onChange,
  options,
  any = 'Any',
}: FieldProps & {
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly any?: string;
}) {
  return (
    <label className="field">
      <span className="field__label">{label}</span>
      <select className="select" value={value ?? ''} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">{any}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Time after the last key until a text counts. */
const SETTLE_MS = 300;

/** A text field's props: what is typed counts once it settled, at once with Enter. */
function useSettledText(value: string | undefined, onChange: (value: string | undefined) => void) {
  const [text, setText] = useState(value ?? '');
  const [seen, setSeen] = useState(value);
  const [sent, setSent] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (seen !== value) {
    setSeen(value);
    // The link changed from elsewhere (back button, a chip): it wins over what was typed.
    if (value !== sent) {
      setSent(value);
      setText(value ?? '');
    }
  }
  useEffect(() => () => clearTimeout(timer.current), []);
  const settle = (next: string) => {
    clearTimeout(timer.current);
    const settled = next.trim() === '' ? undefined : next.trim();
    if (settled === value) return;
    setSent(settled);
    onChange(settled);
  };
  return {
    value: text,
    onChange: (event: { target: { value: string } }) => {
      const next = event.target.value;
      setText(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => settle(next), SETTLE_MS);
    },
    onKeyDown: (event: { key: string }) => {
      if (event.key === 'Enter') settle(text);
    },
  };
}
