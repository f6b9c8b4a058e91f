import type { ObservedActivity, PackageVerdict } from '@sentinel/protocol';
import { textOf } from './activity-facts.ts';
import type { RunView } from './run-view.ts';

/** Verdicts of a kind on distributions that the run really imported, each with the import. */
export function importedVerdicts(
  view: RunView,
  kind: PackageVerdict['kind'],
): { readonly activity: ObservedActivity; readonly verdict: PackageVerdict }[] {
  const verdicts = view.context.packageVerdicts.filter((verdict) => verdict.kind === kind);
  if (verdicts.length === 0) return [];
  return view.ofType('module.import').flatMap((activity) => {
    const name = textOf(activity, 'sentinel.distribution.name');
    const version = textOf(activity, 'sentinel.distribution.version');
    return name === ''
      ? []
      : verdicts
          .filter(({ distribution, version: bad }) => distribution === name && (bad ?? version) === version)
          .map((verdict) => ({ activity, verdict }));
  });
}
