import type { Manifest, ManifestEntry } from '../instrumentation/manifest.ts';
import type { InterpreterFacts, InterpreterState } from './assess-coverage.ts';

/** What the manifest of instrumentation tells of a start's interpreter. */
export function factsOf(manifest: () => Manifest): InterpreterFacts {
  return {
    state(executable, environment) {
      const { entries, exempt } = manifest();
      const own = environment === undefined ? undefined : entries.find(({ key }) => key === environment);
      const base = entries.find(({ key }) => key === executable);
      if (environment !== undefined && exempt.includes(environment) && base?.outcome !== 'instrumented')
        return { outcome: 'exempt', sinceMs: 0 };
      if (environment === undefined && exempt.includes(executable)) return { outcome: 'exempt', sinceMs: 0 };
      const found = [own, base].filter((entry) => entry !== undefined);
      const instrumented = found
        .filter(({ outcome }) => outcome === 'instrumented')
        .sort((a, b) => a.sinceMs - b.sinceMs)[0];
      const entry = instrumented ?? found[0];
      return entry === undefined ? undefined : { outcome: stateOf(entry), sinceMs: entry.sinceMs };
    },
    hostKind: (executable) => manifest().hosts.find(({ path }) => path === executable)?.kind,
  };
}

function stateOf({ outcome }: ManifestEntry): InterpreterState['outcome'] {
  return outcome === 'failed' || outcome === 'cannot-run' ? 'other' : outcome;
}
