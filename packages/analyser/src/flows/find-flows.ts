import type { Confidence, Flow, Reach, SourcePlace } from '@sentinel/protocol';
import type { SyntaxNode } from '../parse.ts';
import type { Facts, SinkFact, SourceFact } from '../semantics/facts.ts';
import { showText } from '../semantics/text-template.ts';
import { BY_NEARNESS, DIRECT, gradeOf, sourceOf } from '../semantics/value.ts';
import { reachOf } from './reach-of.ts';

/** Most flows reported for one file. */
const MAX_FLOWS = 300;

/** Sinks at which only data counts: what unlocks a service is no flow there. */
const CREDENTIAL_KINDS = new Set(['secret', 'prompt.secret']);
const SINKS_WITHOUT_CREDENTIALS = new Set([
  'network.http',
  'network.ssh',
  'network.ftp',
  'db',
  'gui.sap',
  'browser.automation',
  'gui.input',
  'process',
  'clipboard',
  'network.socket',
]);

function isOfInterest(source: SourceFact, sink: SinkFact): boolean {
  if (
    CREDENTIAL_KINDS.has(source.kind) &&
    (SINKS_WITHOUT_CREDENTIALS.has(sink.kind) || sink.kind.startsWith('cloud.'))
  ) {
    return false;
  }
  if (source.node === sink.node) return source.kind !== sink.kind;
  // A service talking to itself: the answer of one call steers the next.
  return !(
    source.kind === sink.kind &&
    (source.kind.startsWith('cloud.') ||
      source.kind === 'process' ||
      source.kind.startsWith('llm') ||
      source.kind === 'gui.sap')
  );
}

function shown(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const plain = showText(text);
  // Query strings and user parts may hold personal data or credentials.
  const cut = plain.replace(/^([a-z][a-z0-9+.-]{0,20}:\/\/)(?:[^/@\s]{0,200}@)?([^?#\s]{0,200}).*$/is, '$1$2');
  return cut.length > 160 || cut.includes('\n') ? undefined : cut === '*' || cut === '' ? undefined : cut;
}

/**
 * How sure a flow is: high where every link is known and where it goes as well, low where data and sink only stand
 * together, medium between.
 */
function confidenceOf(grade: number, reach: Reach): Confidence {
  if (grade >= BY_NEARNESS) return 'low';
  return grade === DIRECT && reach !== 'unknown' ? 'high' : 'medium';
}

/** The flows of a file: each pair of source and sink once per pair of places, in order of the sink. */
export function findFlows(
  facts: Facts,
  placeOf: (node: SyntaxNode) => SourcePlace,
  labelsOf: (node: SyntaxNode) => readonly string[] = () => [],
): Flow[] {
  const flows: Flow[] = [];
  for (const sink of facts.sinks) {
    const seen = new Set<number>();
    // The surest mark of a source stands first.
    for (const mark of sink.taint) {
      const source = facts.sources[sourceOf(mark)];
      if (seen.has(sourceOf(mark))) continue;
      seen.add(sourceOf(mark));
      if (source === undefined || !isOfInterest(source, sink) || flows.length >= MAX_FLOWS) continue;
      const reach = reachOf(sink.kind, sink.detail);
      const sourceDetail = PATH_KINDS.has(source.kind) ? shown(source.detail) : undefined;
      const labels = labelsOf(source.node);
      const sinkDetail = PATH_KINDS.has(sink.kind) ? shown(sink.detail) : undefined;
      flows.push({
        source: {
          kind: source.kind,
          ...(sourceDetail === undefined ? {} : { detail: sourceDetail }),
          place: placeOf(source.node),
          ...(labels.length === 0 ? {} : { labels: [...labels] }),
        },
        sink: {
          kind: sink.kind,
          ...(sinkDetail === undefined ? {} : { detail: sinkDetail }),
          place: placeOf(sink.node),
        },
        reach,
        confidence: confidenceOf(gradeOf(mark), reach),
      });
    }
  }
  return flows.sort(
    (a, b) =>
      (a.sink.place.cell ?? 0) - (b.sink.place.cell ?? 0) ||
      a.sink.place.line - b.sink.place.line ||
      a.source.place.line - b.source.place.line ||
      (a.source.kind < b.source.kind ? -1 : 1),
  );
}

/** Kinds whose detail is a path, a URL or the name of a setting, never content. */
const PATH_KINDS = new Set([
  'files.read',
  'files.write',
  'spreadsheet',
  'csv',
  'network.http',
  'document.pdf',
  'secret',
]);
