import type { Confidence, Evidence } from '@sentinel/protocol';
import { labelWords } from '../context/data-categories.ts';
import type { Match } from '../rule.ts';
import { lineOf } from './activity-facts.ts';
import type { DataSink } from './data-sinks.ts';
import type { DataSource } from './data-sources.ts';
import type { RunView } from './run-view.ts';
import { bytesOf, namesOf, someOf } from './sentence.ts';

/** Labelled data that a sink may have got: what was read before it. */
export interface Sent {
  readonly sinks: readonly DataSink[];
  readonly sources: readonly DataSource[];
  readonly labels: readonly string[];
  readonly bytes: number;
  readonly confidence: Confidence;
}

/** Labelled data sent to sinks of a kind, by receiver. */
export function sentData(view: RunView, kind: DataSink['kind']): readonly Sent[] {
  const labelled = view.sources.filter(({ labels }) => labels.length > 0);
  if (labelled.length === 0) return [];
  const bySubject = new Map<string, DataSink[]>();
  for (const sink of view.sinks) {
    if (sink.kind !== kind) continue;
    const group = bySubject.get(sink.subject);
    if (group === undefined) bySubject.set(sink.subject, [sink]);
    else group.push(sink);
  }
  return [...bySubject.values()].flatMap((sinks) => {
    const lastSeen = sinks.reduce((last, { activity }) => (activity.lastSeen > last ? activity.lastSeen : last), '');
    const sources = labelled.filter(({ activity }) => activity.firstSeen <= lastSeen);
    const bytes = sinks.reduce((sum, sink) => sum + sink.bytes, 0);
    // Less than this is a question or a greeting, not the data.
    if (sources.length === 0 || bytes < view.context.limits.sentBytes) return [];
    return {
      sinks,
      sources,
      labels: [...new Set(sources.flatMap(({ labels }) => labels))].sort(),
      bytes,
      confidence: confidenceOf(view, sinks, sources),
    };
  });
}

/** The match for labelled data that was sent on. */
export function matchOf(view: RunView, sent: Sent, verb: string): Match {
  const to = sent.sinks[0]?.name ?? '';
  const from = namesOf(sent.sources.map(({ name }) => name));
  const evidence: Evidence[] = [
    ...someOf(sent.sources).map(({ activity, labels }) => view.evidence(activity, `reads ${labelWords(labels)}`)),
    ...someOf(sent.sinks).map(({ activity, bytes }) => view.evidence(activity, `${bytesOf(bytes)} go out`)),
  ];
  const isFromCode = sent.sources.every(({ ground }) => ground === 'code');
  return {
    subject: sent.sinks[0]?.subject ?? '',
    sentence: `The script read ${labelWords(sent.labels)} from ${from} and then ${verb} ${bytesOf(sent.bytes)} to ${to}.`,
    evidence,
    confidence: isFromCode && sent.confidence === 'high' ? 'medium' : sent.confidence,
  };
}

/** High where the code shows the way from source to sink; low where the sink is one of which only bytes are known. */
function confidenceOf(view: RunView, sinks: readonly DataSink[], sources: readonly DataSource[]): Confidence {
  const flows = view.context.analysis?.flows ?? [];
  const sinkLines = new Set(sinks.map(({ activity }) => lineOf(activity)));
  const sourceLines = new Set(sources.map(({ activity }) => lineOf(activity)));
  if (flows.some(({ source, sink }) => sinkLines.has(sink.place.line) && sourceLines.has(source.place.line)))
    return 'high';
  return sinks.some(({ isSure }) => isSure) ? 'medium' : 'low';
}
