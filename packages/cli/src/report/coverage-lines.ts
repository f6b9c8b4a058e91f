import type { CoverageCounts, EndpointCoverage, MissReason } from '@sentinel/protocol';
import { countOf } from './quantities.ts';

const MOST_ROWS = 10;

/** Lines on how many Python starts have a run: the ratio with its denominator, the sensor beside it, every miss with its reason. */
export function coverageLines(coverage: EndpointCoverage): [string, string][] {
  const { sensor, unobserved, interpreters, isTrusted } = coverage;
  const lines: [string, string][] = [
    ['Coverage', sensor.kind === 'none' ? 'not measured' : `${ratio(coverage)}${isTrusted ? '' : ', not proven'}`],
    ['Sensor', sensorText(coverage)],
  ];
  const misses = missText(coverage);
  if (misses !== '') lines.push(['Misses', misses]);
  if (unobserved > 0) lines.push(['Unobserved', `${countOf(unobserved, 'run')} that the sensor did not see`]);
  for (const row of interpreters.slice(0, MOST_ROWS)) {
    const canary =
      row.canary === undefined
        ? ''
        : `; canary ${row.canary.isSensed && row.canary.isReported ? 'seen by both sides' : 'MISSED'}`;
    const missed = missText(row);
    lines.push([
      '',
      `${row.environment ?? row.executable}: ${ratio(row)}${missed === '' ? '' : ` (${missed})`}${canary}`,
    ]);
  }
  if (interpreters.length > MOST_ROWS) lines.push(['', `and ${interpreters.length - MOST_ROWS} more`]);
  return lines;
}

function ratio({ eligible, instrumented, coverage, observed, pending }: CoverageCounts): string {
  const share = coverage === undefined ? 'nothing eligible' : `${(Math.floor(coverage * 1000) / 10).toFixed(1)} %`;
  const open = pending === 0 ? '' : `, ${pending} open`;
  return `${share}: ${instrumented} of ${countOf(eligible, 'eligible start')}, ${observed} observed${open}`;
}

function sensorText({ sensor }: EndpointCoverage): string {
  const { kind, note, lost, unread } = sensor;
  if (kind === 'none') return note ?? 'none';
  const sort = kind === 'kernel' ? 'the kernel tells every start' : 'sampled';
  return `${sort}; ${countOf(lost, 'event')} lost, ${unread} gone before looked at${note === undefined ? '' : `; ${note}`}`;
}

function missText({ misses }: CoverageCounts): string {
  return (Object.entries(misses) as [MissReason, number][]).map(([reason, count]) => `${reason} ${count}`).join(', ');
}
