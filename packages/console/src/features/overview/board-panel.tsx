import type { getBoardAnswer } from '@sentinel/protocol';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { client } from '../../api/client.ts';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { Panel } from '../../ui/panel.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';

type Answer = z.infer<(typeof getBoardAnswer)['response']>;
type Category = z.infer<(typeof getBoardAnswer)['params']>['category'];

const CATEGORIES: readonly { readonly value: Category; readonly text: string }[] = [
  { value: 'customer', text: 'Customer' },
  { value: 'personal', text: 'Personal' },
  { value: 'financial', text: 'Financial' },
  { value: 'health', text: 'Health' },
  { value: 'any', text: 'Any label' },
];

function boardQuery(category: Category) {
  return queryOptions({
    queryKey: ['board', category],
    queryFn: () => client.getBoardAnswer({ params: { category } }),
    refetchInterval: 15_000,
  });
}

/** The board's question: how many scripts process such data right now, and who approved them. */
export function BoardPanel() {
  const [category, setCategory] = useState<Category>('customer');
  const query = useQuery(boardQuery(category));
  const answer = query.data;
  return (
    <Panel
      title={`Scripts that process ${category === 'any' ? 'labelled' : category} data`}
      note={<Segments label="Kind of data" options={CATEGORIES} value={category} onChange={setCategory} />}
    >
      {answer === undefined ? (
        query.isError ? (
          <div className="panel__body">
            <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
          </div>
        ) : (
          <Skeleton lines={2} />
        )
      ) : (
        <>
          <div className="numbers">
            <Numbers title="Right now" span={answer.now} />
            <Numbers title="In 30 days" span={answer.days30} />
          </div>
          <p className="panel__foot">
            {answer.approvers.length === 0
              ? 'Nobody approved one of them yet.'
              : `Approved by ${answer.approvers.map(({ who, scripts }) => `${who} (${scripts})`).join(', ')}.`}{' '}
            {answer.coverage.placesLabelled === 0 ? (
              <>
                Nothing is labelled, so nothing is known to be such data:{' '}
                <Link to="/data" search={{ view: 'places' }}>
                  label data
                </Link>
                .{' '}
              </>
            ) : null}
            From {answer.coverage.endpointsReporting} of{' '}
            {formatCounted(answer.coverage.endpointsKnown, 'known machine')}
            {answer.coverage.runsWaiting > 0
              ? `, ${formatCounted(answer.coverage.runsWaiting, 'run')} not judged yet`
              : ''}
            . As of <Time iso={answer.generatedAt} />.
          </p>
        </>
      )}
    </Panel>
  );
}

function Numbers({ title, span }: { readonly title: string; readonly span: Answer['now'] }) {
  return (
    <>
      <div className="number">
        <div className="number__label">{title}</div>
        <div className="number__value">
          <ListLink linked={span.scripts} />
        </div>
        <div className="number__note">
          on {formatCounted(span.machines, 'machine')}, by {formatCounted(span.people, 'person', 'people')}
        </div>
      </div>
      <div className={span.notApproved.count > 0 ? 'number number--bad' : 'number'}>
        <div className="number__label">of them not approved</div>
        <div className="number__value">
          <ListLink linked={span.notApproved} />
        </div>
        <div className="number__note">
          <ListLink linked={span.approved} /> approved
        </div>
      </div>
    </>
  );
}

/** A number that leads to the list that it counts. */
function ListLink({ linked }: { readonly linked: Answer['now']['scripts'] }) {
  const url = new URL(linked.list, location.origin);
  return (
    <Link to={url.pathname} search={Object.fromEntries(url.searchParams)}>
      {formatCount(linked.count)}
    </Link>
  );
}
