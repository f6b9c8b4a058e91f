import type { ObservedActivity } from '@sentinel/protocol';
import { defineRule } from '../rule.ts';
import { textOf } from '../run/activity-facts.ts';
import { fileName, namesOf, someOf } from '../run/sentence.ts';

/** Ways in which text or bytes that came in become running code. */
const FROM_MEMORY = new Set(['text', 'code_object', 'marshal', 'native_library']);
/** Below this nothing was downloaded that could be run. */
const LEAST_BYTES = 64;
const TOOLS = new Set([
  'curl',
  'curl.exe',
  'wget',
  'wget.exe',
  'bitsadmin',
  'bitsadmin.exe',
  'certutil',
  'certutil.exe',
]);

/** Something fetched from the network and then run. */
export default defineRule({
  id: 'downloaded-code-run',
  title: 'Downloaded code run',
  severity: 'high',
  confidence: 'medium',
  techniques: ['T1105', 'T1059'],
  controls: ['ISO27001:A.8.7', 'ISO27001:A.8.19'],
  misses: 'Code that an earlier run fetched; code that a launched program fetches and runs by itself.',
  references: ['https://attack.mitre.org/techniques/T1105/'],
  find: (view) => {
    const fetched = [
      ...view
        .ofType('http.request')
        .filter(
          ({ bytesIn, attributes }) =>
            bytesIn >= LEAST_BYTES && !isOwn(view.reachOf(String(attributes['server.address']))),
        ),
      ...view
        .ofType('process.spawn')
        .filter((activity) => TOOLS.has(textOf(activity, 'process.executable.name').toLowerCase())),
    ];
    if (fetched.length === 0) return [];
    const first = fetched.reduce(
      (least, { firstSeen }) => (firstSeen < least ? firstSeen : least),
      fetched[0]?.firstSeen ?? '',
    );
    const hosts = [
      ...new Set(
        fetched.map((activity) => textOf(activity, 'server.address') || textOf(activity, 'process.executable.name')),
      ),
    ];
    const written = new Set(
      [...view.ofType('file.open'), ...view.ofType('file.change')]
        .filter(({ attributes, lastSeen }) => attributes['sentinel.file.operation'] !== 'read' && lastSeen >= first)
        .map((activity) => textOf(activity, 'sentinel.file.path.target') || textOf(activity, 'file.path')),
    );
    const isAfter = (activity: ObservedActivity) => activity.lastSeen >= first;
    const fromFile = [
      ...view
        .ofType('process.spawn')
        .filter((activity) => isAfter(activity) && written.has(textOf(activity, 'process.executable.path'))),
      ...view
        .ofType('module.import')
        .filter((activity) => isAfter(activity) && written.has(textOf(activity, 'sentinel.module.path'))),
      ...view.ofType('code.load').filter((activity) => isAfter(activity) && written.has(textOf(activity, 'file.path'))),
    ];
    // Libraries make code out of text all the time: only the script's own counts.
    const fromMemory = view
      .ofType('code.load')
      .filter(
        (activity) =>
          isAfter(activity) &&
          FROM_MEMORY.has(textOf(activity, 'sentinel.code.kind')) &&
          activity.attributes['sentinel.source.libraries'] === undefined &&
          activity.attributes['code.line.number'] !== undefined,
      );
    const run = fromFile.length > 0 ? fromFile : fromMemory;
    if (run.length === 0) return [];
    return [
      {
        subject: hosts.toSorted().join(','),
        sentence: `The script fetched something from ${namesOf(hosts)} and then ran ${fromFile.length > 0 ? `what it had saved (${namesOf(fromFile.map(nameOf))})` : 'text or bytes as code'}; nobody reviewed that code.`,
        evidence: [
          ...someOf(fetched, 3).map((activity) => view.evidence(activity, 'fetched')),
          ...someOf(run, 3).map((activity) => view.evidence(activity, 'run as code')),
        ],
        confidence: fromFile.length > 0 ? ('high' as const) : ('medium' as const),
      },
    ];
  },
});

function isOwn(reach: string): boolean {
  return reach === 'local' || reach === 'internal' || reach === 'approved' || reach === 'llm';
}

function nameOf(activity: ObservedActivity): string {
  return fileName(
    textOf(activity, 'process.executable.path') ||
      textOf(activity, 'sentinel.module.path') ||
      textOf(activity, 'file.path'),
  );
}
