import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { ComputersView } from './computers-view.tsx';
import { GroupsView } from './groups-view.tsx';
import { LibrariesView } from './libraries-view.tsx';
import { LibrarySearch } from './library-search.ts';

const route = getRouteApi('/shell/libraries');

const VIEWS = [
  { value: 'libraries', text: 'Libraries' },
  { value: 'interpreters', text: 'Interpreters' },
  { value: 'environments', text: 'Environments' },
  { value: 'computers', text: 'Computers' },
] as const;

/** Which Python is on the computers: libraries with their holes and users, interpreters, environments, computers. */
export function LibrariesPage() {
  const search = route.useSearch({ select: readSearch, structuralSharing: true });
  const navigate = route.useNavigate();
  const change = (patch: { [Name in keyof LibrarySearch]?: LibrarySearch[Name] | undefined }) =>
    void navigate({ search: (present: LibrarySearch) => readSearch({ ...present, ...patch }), replace: true });
  const { view, q } = search;
  return (
    <Page
      title="Libraries"
      summary="What of Python lies on the computers, which of it runs really use, and what is wrong with it"
      actions={
        <Segments
          label="What to list"
          options={VIEWS}
          value={view ?? 'libraries'}
          onChange={(value) => void navigate({ search: value === 'libraries' ? {} : { view: value } })}
        />
      }
    >
      {view === undefined ? (
        <LibrariesView
          search={search}
          onChange={change}
          onClear={() => void navigate({ search: search.sort === undefined ? {} : { sort: search.sort } })}
        />
      ) : view === 'computers' ? (
        <ComputersView q={q} onSearch={(text) => change({ q: text })} />
      ) : (
        <GroupsView key={view} kind={view} q={q} onSearch={(text) => change({ q: text })} />
      )}
    </Page>
  );
}

/** The router hands on parameters that the shape left out: they are dropped here. */
function readSearch(search: unknown): LibrarySearch {
  return LibrarySearch.parse(search);
}
