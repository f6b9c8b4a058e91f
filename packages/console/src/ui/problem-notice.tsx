import { problemOf } from '../api/problem.ts';
import { Button } from './button.tsx';
import { WarnIcon } from './icons.tsx';

/** An error in words: what happened, what to do, and a way to try again. */
export function ProblemNotice({
  error,
  onRetry,
}: {
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
}) {
  const problem = problemOf(error);
  return (
    <div className="notice notice--bad" role="alert">
      <WarnIcon />
      <div>
        <span className="notice__title">{problem.title}</span>
        <span>{problem.detail}</span>
        <span>{problem.hint}</span>
        {onRetry === undefined ? null : (
          <span className="notice__actions">
            <Button onClick={onRetry}>Try again</Button>
          </span>
        )}
      </div>
    </div>
  );
}
