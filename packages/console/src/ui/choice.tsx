interface Props {
  readonly label: string;
  readonly value: string | undefined;
  /** Gets `undefined` for any. */
  readonly onChange: (value: string | undefined) => void;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  /** What stands for no choice. */
  readonly any: string;
}

/** One of a list of values in the row of filters; its words say what it is about. */
export function Choice({ label, value, onChange, options, any }: Props) {
  return (
    <label className="sort">
      <span className="visually-hidden">{label}</span>
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
