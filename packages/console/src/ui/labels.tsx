/** Kinds of data as quiet words. */
export function Labels({ labels }: { readonly labels: readonly string[] }) {
  if (labels.length === 0) return <span className="muted">no label</span>;
  return (
    <span className="labels">
      {labels.map((label) => (
        <span key={label} className="label">
          {label}
        </span>
      ))}
    </span>
  );
}
