/** Grey lines in the place of rows that are on their way. */
export function Skeleton({ lines = 6, height = 18 }: { readonly lines?: number; readonly height?: number }) {
  return (
    <div className="stack" style={{ padding: '1rem' }}>
      <output className="visually-hidden">Loading</output>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton" style={{ height, width: `${96 - ((line * 17) % 38)}%` }} />
      ))}
    </div>
  );
}
