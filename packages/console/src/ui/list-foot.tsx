import { Button } from './button.tsx';
import { formatCount } from './format-count.ts';
import { Time } from './time.tsx';

interface Props {
  /** What the rows are, in the plural. */
  readonly noun: string;
  readonly shown: number;
  readonly total: number;
  /** Whether there are more than the total. */
  readonly isLeast?: boolean;
  /** When the rows were asked for, in milliseconds. */
  readonly updatedAtMs: number;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly onMore: () => void;
}

/** Under a list: how much of it is in sight, how old it is, and the rest. */
export function ListFoot({ noun, shown, total, updatedAtMs, hasMore, isLoadingMore, onMore, isLeast = false }: Props) {
  return (
    <div className="list-foot">
      <output>
        {formatCount(shown)} of {isLeast ? 'at least ' : ''}
        {formatCount(Math.max(total, shown))} {noun}
      </output>
      {hasMore ? (
        <Button onClick={onMore} disabled={isLoadingMore}>
          {isLoadingMore ? 'Loading …' : 'Show more'}
        </Button>
      ) : null}
      <span>
        As of <Time iso={new Date(updatedAtMs).toISOString()} />
      </span>
    </div>
  );
}
