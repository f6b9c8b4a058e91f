import type { Analysis, ScriptSummary } from '@sentinel/protocol';

const MAX_NAMES = 1000;
const MAX_LENGTH = 500;

/** The names of an analysis that two versions of a script are compared by. */
export function summariseAnalysis(analysis: Analysis, familyHash: string | undefined): ScriptSummary {
  const { capabilities, flows, places } = analysis;
  const needsPlaces = capabilities.some(({ id }) => id === 'db' || id.startsWith('db.') || id.startsWith('files.'));
  const lists = {
    imports: names(analysis.imports),
    capabilities: names(capabilities.map(({ id }) => id)),
    calls: names(capabilities.flatMap(({ detail }) => detail)),
    hosts: names(analysis.hosts),
    tables: names(places?.tables ?? []),
    files: names(places?.files ?? []),
    packages: names(analysis.packages.map(({ distribution }) => distribution)),
    flows: names(flows.map(({ source, sink, reach }) => `${endOf(source)} -> ${endOf(sink)} (${reach})`)),
  };
  return {
    ...(familyHash === undefined ? {} : { familyHash }),
    ...lists,
    secrets: analysis.secrets.filter(({ tier }) => tier !== 'info').length,
    isWhole:
      analysis.parse === 'clean' &&
      analysis.failures.length === 0 &&
      analysis.unresolved.calls === 0 &&
      (places !== undefined || !needsPlaces) &&
      Object.values(lists).every((list) => list.length < MAX_NAMES),
  };
}

function endOf({ kind, detail }: { readonly kind: string; readonly detail?: string | undefined }): string {
  return detail === undefined ? kind : `${kind} ${detail}`;
}

function names(list: readonly string[]): string[] {
  return [...new Set(list.map((name) => name.slice(0, MAX_LENGTH)))].sort().slice(0, MAX_NAMES);
}
