/** A tick, as decoration. */
export function CheckIcon() {
  return (
    <svg
      className="icon"
      width="11"
      height="11"
      viewBox="0 0 12 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      aria-hidden="true"
    >
      <path d="M2 6.5 4.8 9.2 10 3.2" />
    </svg>
  );
}
