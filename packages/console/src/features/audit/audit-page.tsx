import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { AccessView } from './access-view.tsx';
import { AuditSearch } from './audit-search.ts';
import { RecordsView } from './records-view.tsx';

const route = getRouteApi('/shell/audit');

const VIEWS = [
  { value: 'access', text: 'Who accessed what' },
  { value: 'records', text: 'What people did' },
] as const;

/** Who accessed what, when: from what scripts touched, and from what people did here. */
export function AuditPage() {
  const search = route.useSearch({ select: readSearch, structuralSharing: true });
  const navigate = route.useNavigate();
  const change = (patch: { [Name in keyof AuditSearch]?: AuditSearch[Name] | undefined }) =>
    void navigate({ search: (present: AuditSearch) => readSearch({ ...present, ...patch }), replace: true });
  return (
    <Page
      title="Audit"
      summary="Every question asked here is itself kept in the audit trail"
      actions={
        <Segments
          label="View"
          options={VIEWS}
          value={search.view ?? 'access'}
          onChange={(view) => void navigate({ search: view === 'records' ? { view } : {} })}
        />
      }
    >
      {search.view === 'records' ? (
        <RecordsView search={search} onChange={change} />
      ) : (
        <AccessView search={search} onChange={change} onClear={() => void navigate({ search: {} })} />
      )}
    </Page>
  );
}

/** The router hands on parameters that the shape left out: they are dropped here. */
function readSearch(search: unknown): AuditSearch {
  return AuditSearch.parse(search);
}
