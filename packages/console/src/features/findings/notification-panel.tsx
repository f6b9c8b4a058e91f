import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { client } from '../../api/client.ts';
import { Panel } from '../../ui/panel.tsx';
import { SeverityBadge } from '../../ui/severity-badge.tsx';
import { Ago } from '../../ui/time.tsx';

const SHOWN = 5;

const notificationsQuery = queryOptions({
  queryKey: ['notifications'],
  queryFn: () => client.listNotifications({ query: { limit: SHOWN } }),
  refetchInterval: 15_000,
});

/** What is new or came back, latest first: at most once a finding and day. */
export function NotificationPanel() {
  const { data } = useQuery(notificationsQuery);
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Panel title="News" note="new and regressed findings, each at most once a day">
      <ul className="panel__body finding-history">
        {data.items.map((item) => (
          <li key={`${item.findingId} ${item.at}`}>
            <span>
              <SeverityBadge severity={item.severity} /> {item.kind === 'new' ? 'New' : 'Came back'},{' '}
              <Ago iso={item.at} />:{' '}
              <Link to="/findings/$findingId" params={{ findingId: item.findingId }}>
                {item.title}
              </Link>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
