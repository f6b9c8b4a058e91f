import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';
import { RiskPanel } from '../../ui/risk-panel.tsx';
import { type RankedKind, risksQuery } from './list-risks.ts';
import { RiskRanking } from './risk-ranking.tsx';
import { RiskSearch } from './risk-search.ts';

const route = getRouteApi('/shell/risk');

/** How risky the company is, or one of its departments, machines or scripts: why, since when, and what would lower it. */
export function RiskPage() {
  // The router hands on what the shape left out.
  const { of = 'machine', subject } = RiskSearch.parse(route.useSearch());
  const navigate = route.useNavigate();
  const ranking = useQuery(risksQuery(of));
  const name = ranking.data?.items.find((item) => item.subject === subject)?.name;
  return (
    <Page title="Risk" summary="Of what ran in the last 30 days; one figure a day is kept for the trend">
      {subject === undefined ? (
        <RiskPanel kind="company" subject="all" title="The company" />
      ) : (
        <RiskPanel
          kind={of}
          subject={subject}
          title={name ?? subject}
          note={
            <span className="panel__links">
              <Behind kind={of} subject={subject} />
              <Link to="/risk" search={{ of }}>
                The company
              </Link>
            </span>
          }
        />
      )}
      <RiskRanking kind={of} ranking={ranking} onKind={(kind) => void navigate({ search: { of: kind } })} />
    </Page>
  );
}

/** Where the thing itself is shown. */
function Behind({ kind, subject }: { readonly kind: RankedKind; readonly subject: string }) {
  if (kind === 'script')
    return (
      <Link to="/families/$familyId" params={{ familyId: subject }}>
        The script
      </Link>
    );
  if (kind === 'machine')
    return (
      <Link to="/runs" search={{ endpointId: subject }}>
        Its runs
      </Link>
    );
  return (
    <Link to="/families" search={{ departmentId: subject }}>
      Its scripts
    </Link>
  );
}
