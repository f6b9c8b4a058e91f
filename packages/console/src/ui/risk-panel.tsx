import { SentinelError, type SubjectRisk } from '@sentinel/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { riskQuery } from '../api/get-risk.ts';
import { Badge, type Tone } from './badge.tsx';
import { Panel } from './panel.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { Skeleton } from './skeleton.tsx';

const TONES: Readonly<Record<SubjectRisk['band'], Tone>> = {
  low: 'ok',
  guarded: 'neutral',
  elevated: 'warn',
  high: 'bad',
  critical: 'bad',
};
const TREND = { width: 160, height: 36 };

/** Risk of something: the score, what it is made of, what would lower it, and how it went. */
export function RiskPanel({
  kind,
  subject,
  title = 'Risk',
  note,
}: {
  readonly kind: SubjectRisk['kind'];
  readonly subject: string;
  readonly title?: string;
  /** Stands before the name of the method. */
  readonly note?: ReactNode;
}) {
  const query = useQuery(riskQuery(kind, subject));
  const risk = query.data;
  return (
    <Panel
      title={title}
      note={
        <>
          {note}
          {risk === undefined ? null : `Method: ${risk.method}`}
        </>
      }
    >
      {risk === undefined ? (
        query.error instanceof SentinelError && query.error.code === 'not-found' ? (
          <p className="panel__body muted">
            There is no figure: nothing of it was judged yet, or it lies outside what you may see.
          </p>
        ) : query.isError ? (
          <div className="panel__body">
            <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
          </div>
        ) : (
          <Skeleton lines={3} />
        )
      ) : (
        <div className="panel__body risk">
          <div className="risk__score">
            <span className="risk__number">{risk.score}</span>
            <Badge tone={TONES[risk.band]}>{risk.band}</Badge>
            {kind === 'run' ? null : <Trend points={risk.trend} />}
          </div>
          <div>
            <h3>What it is made of</h3>
            {risk.shares.length === 0 ? (
              <p className="muted">Nothing raises it.</p>
            ) : (
              <ul className="risk__list">
                {risk.shares.slice(0, 8).map((share) => (
                  <li key={`${share.dimension} ${share.ruleId} ${share.reason}`}>
                    <span className="risk__points">{share.points > 0 ? `+${share.points}` : share.points}</span>
                    <ShareText share={share} />
                  </li>
                ))}
                {risk.shares.length > 8 ? (
                  <li>
                    <span className="risk__points">
                      +{risk.shares.slice(8).reduce((sum, { points }) => sum + points, 0)}
                    </span>
                    <span className="muted">{risk.shares.length - 8} more</span>
                  </li>
                ) : null}
              </ul>
            )}
          </div>
          <div>
            <h3>What would lower it</h3>
            {risk.lowers.length === 0 ? (
              <p className="muted">Nothing that is known.</p>
            ) : (
              <ul className="risk__list">
                {risk.lowers.map(({ what, points, score }) => (
                  <li key={what}>
                    <span className="risk__points">−{points}</span>
                    <span>
                      {what} <span className="muted">(to {score})</span>
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </div>
        </div>
      )}
    </Panel>
  );
}

function ShareText({ share }: { readonly share: SubjectRisk['shares'][number] }) {
  if (share.findingId !== undefined)
    return (
      <Link to="/findings/$findingId" params={{ findingId: share.findingId }}>
        {share.reason}
      </Link>
    );
  if (share.familyId !== undefined)
    return (
      <Link to="/families/$familyId" params={{ familyId: share.familyId }}>
        {share.reason}
      </Link>
    );
  return <span>{share.reason}</span>;
}

function Trend({ points }: { readonly points: SubjectRisk['trend'] }) {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2)
    return <span className="muted">The trend begins today.</span>;
  const x = (at: number) => (at / (points.length - 1)) * (TREND.width - 4) + 2;
  const y = (score: number) => TREND.height - 2 - (score / 100) * (TREND.height - 4);
  return (
    <span>
      <svg
        className="risk__trend"
        width={TREND.width}
        height={TREND.height}
        role="img"
        aria-label={`Risk from ${first.score} on ${first.day} to ${last.score} on ${last.day}`}
      >
        <polyline points={points.map(({ score }, at) => `${x(at)},${y(score)}`).join(' ')} />
      </svg>
      <span className="muted">
        {first.day} to {last.day}
      </span>
    </span>
  );
}
