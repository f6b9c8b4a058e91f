import { Link } from '@tanstack/react-router';

/** What a finding is about: a family of scripts, or the computer itself. */
export function SubjectLink({
  finding,
  className,
}: {
  readonly finding: { readonly familyId: string; readonly scriptName: string };
  readonly className?: string;
}) {
  if (finding.familyId === '') return <span className="muted">the computer itself</span>;
  return (
    <Link
      to="/families/$familyId"
      params={{ familyId: finding.familyId }}
      {...(className === undefined ? {} : { className })}
    >
      {finding.scriptName}
    </Link>
  );
}
