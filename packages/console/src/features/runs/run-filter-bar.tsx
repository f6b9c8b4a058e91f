import { useQuery } from '@tanstack/react-query';
import { endpointsQuery } from '../../api/list-endpoints.ts';
import { DEFAULT_SPAN, isSpan, spanOptions } from '../../api/moment.ts';
import type { RunSearch } from '../../api/run-search.ts';
import { type ActiveFilter, FilterBar, SearchFilter, SelectFilter, TextFilter } from '../../ui/filter-bar.tsx';
import { momentText } from '../../ui/moment-text.ts';
import { exitRouteOptions } from '../../ui/run-filters.ts';
import { Segments } from '../../ui/segments.tsx';

type Patch = { [Name in keyof RunSearch]?: RunSearch[Name] | undefined };

interface Props {
  readonly search: RunSearch;
  readonly onChange: (patch: Patch) => void;
  readonly onClear: () => void;
  /** Name of the script, where the list is that of one script. */
  readonly scriptName: string | undefined;
}

const STATES = [
  { value: 'all', text: 'All' },
  { value: 'running', text: 'Running' },
  { value: 'ended', text: 'Ended' },
  { value: 'failed', text: 'Failed' },
] as const;

/** Filters of the list of runs; each lives in the link. */
export function RunFilterBar({ search, onChange, onClear, scriptName }: Props) {
  const endpoints = useQuery(endpointsQuery());
  const hostOf = (id: string) => endpoints.data?.items.find((endpoint) => endpoint.id === id)?.hostName ?? id;
  const span =
    search.since === undefined && search.until === undefined
      ? DEFAULT_SPAN
      : search.since !== undefined && isSpan(search.since) && search.until === undefined
        ? search.since
        : undefined;
  const words: readonly [name: string, value: string | undefined, removal: Patch][] = [
    ['Text', search.q, { q: undefined }],
    [
      'Script',
      search.scriptId === undefined ? undefined : (scriptName ?? search.scriptId.slice(0, 12)),
      { scriptId: undefined },
    ],
    ['Machine', search.endpointId === undefined ? undefined : hostOf(search.endpointId), { endpointId: undefined }],
    ['User', search.userName, { userName: undefined }],
    ['Status', search.status, { status: undefined }],
    ['Outcome', search.outcome, { outcome: undefined }],
    ['End', exitRouteOptions.find(({ value }) => value === search.exitRoute)?.text, { exitRoute: undefined }],
    ['Library', search.library, { library: undefined }],
    ['Touched', search.target, { target: undefined }],
    [
      'Started in',
      search.since === undefined || !isSpan(search.since) ? undefined : momentText(search.since),
      { since: undefined },
    ],
    [
      'Started from',
      search.since === undefined || isSpan(search.since) ? undefined : momentText(search.since),
      { since: undefined },
    ],
    ['Started before', search.until === undefined ? undefined : momentText(search.until), { until: undefined }],
  ];
  const active = words.flatMap(([name, value, removal]): ActiveFilter[] =>
    value === undefined ? [] : [{ name, value, onRemove: () => onChange(removal) }],
  );
  return (
    <FilterBar
      active={active}
      onClear={onClear}
      more={
        <>
          <SelectFilter
            label="Machine"
            value={search.endpointId}
            onChange={(endpointId) => onChange({ endpointId })}
            options={(endpoints.data?.items ?? []).map(({ id, hostName }) => ({ value: id, text: hostName }))}
          />
          <TextFilter
            label="User"
            placeholder="Account name, exact"
            value={search.userName}
            onChange={(userName) => onChange({ userName })}
          />
          <TextFilter
            label="Library"
            placeholder="Distribution or module"
            value={search.library}
            onChange={(library) => onChange({ library })}
          />
          <TextFilter
            label="Touched"
            placeholder="File, host, database, program"
            value={search.target}
            onChange={(target) => onChange({ target })}
          />
          <SelectFilter
            label="How it ended"
            value={search.exitRoute}
            onChange={(value) =>
              onChange({ exitRoute: exitRouteOptions.find((option) => option.value === value)?.value })
            }
            options={exitRouteOptions}
          />
        </>
      }
    >
      <SearchFilter
        label="Script name or path"
        placeholder="Script name or path"
        value={search.q}
        onChange={(q) => onChange({ q })}
      />
      <Segments
        label="Status"
        options={STATES}
        value={search.outcome ?? search.status ?? 'all'}
        onChange={(value) =>
          onChange({
            status: value === 'running' || value === 'ended' ? value : undefined,
            outcome: value === 'failed' ? value : undefined,
          })
        }
      />
      <Segments
        label="Started in"
        options={spanOptions}
        value={span}
        onChange={(value) => onChange({ since: value === DEFAULT_SPAN ? undefined : value, until: undefined })}
      />
    </FilterBar>
  );
}
