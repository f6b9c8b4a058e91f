import type { Analysis, DataFileFound } from '@sentinel/protocol';

/** The analysis with the kinds of its data files on the flows that begin at them. */
export function labelFlows(analysis: Analysis, files: readonly DataFileFound[]): Analysis {
  const known = files.filter(({ kinds }) => kinds.length > 0);
  if (known.length === 0) return analysis;
  let isChanged = false;
  const flows = analysis.flows.map((flow) => {
    const { detail, labels = [] } = flow.source;
    const kinds = known
      .filter(({ path }) => namesFile(detail, path))
      .flatMap(({ kinds: found }) => found.map(({ kind }) => kind));
    if (kinds.length === 0) return flow;
    isChanged = true;
    return { ...flow, source: { ...flow.source, labels: [...new Set([...labels, ...kinds])].sort() } };
  });
  return isChanged ? { ...analysis, flows } : analysis;
}

/** Whether a path as the code names it ends like the path of a file, folder by folder; holes name nothing. */
export function namesFile(named: string | undefined, path: string): boolean {
  if (named === undefined) return false;
  const own = partsOf(named);
  const last = own.at(-1);
  if (last === undefined || last.includes('*') || last.includes('{')) return false;
  const given = partsOf(path);
  for (let back = 1; back <= own.length; back += 1) {
    const part = own.at(-back) ?? '';
    // What stands above a hole or the place of the script is not known: the rest decides.
    if (part === '..' || part.includes('*') || part.includes('{')) return true;
    if (part.toLowerCase() !== given.at(-back)?.toLowerCase()) return false;
  }
  return true;
}

function partsOf(path: string): string[] {
  return path.split(/[\\/]+/).filter((part) => part !== '' && part !== '.' && !/^[A-Za-z]:$/.test(part));
}
