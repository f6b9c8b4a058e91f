// oxlint-disable jsx-a11y/prefer-tag-over-role -- a drawing has no HTML list, group or option
import type { Activity, Run } from '@sentinel/protocol';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import { targetOf, titleOf } from '../../ui/activity-words.ts';
import { Button } from '../../ui/button.tsx';
import { formatCounted } from '../../ui/format-count.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { useWidth } from '../../ui/use-width.ts';
import { type Bar, type LaidLane, layTimeline, type Span, ticksOf, wholeSpan } from './timeline-layout.ts';

const LABELS = 106;
const LABELS_NARROW = 88;
const ROW = 11;
const BAR = 8;
const LANE_PADDING = 7;
const SCALE = 22;
const ZOOM = 4;

interface Props {
  readonly run: Run;
  readonly activities: readonly Activity[];
  readonly selectedId: number | undefined;
  readonly onSelect: (id: number | undefined) => void;
}

/** Swim lanes over the time of a run. One stop of the Tab key; arrow keys go from bar to bar. */
export function Timeline({ run, activities, selectedId, onSelect }: Props) {
  const [frame, frameWidth] = useWidth<HTMLDivElement>();
  const id = useId();
  const whole = useMemo(() => wholeSpan(run, activities), [run, activities]);
  const [zoomed, setZoomed] = useState<Span>();
  const span = zoomed ?? whole;
  const labels = frameWidth < 520 ? LABELS_NARROW : LABELS;
  const width = Math.max(80, frameWidth - labels - 14);
  const laid = useMemo(() => layTimeline(activities, span, width), [activities, span, width]);

  if (activities.length === 0)
    return <p className="panel__body muted">No activity was seen{run.status === 'running' ? ' yet' : ''}.</p>;

  const selected = activities.find((activity) => activity.id === selectedId);
  const zoom = (factor: number) => setZoomed(zoomSpan(whole, span, factor, selected));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === '+' || event.key === '-') {
      zoom(event.key === '+' ? 1 / ZOOM : ZOOM);
    } else {
      const next = nextActivity(event.key, laid, selectedId);
      if (next === undefined) return;
      onSelect(next.id);
    }
    event.preventDefault();
  };

  const tops = laid.map((_, index) => SCALE + laid.slice(0, index).reduce((sum, lane) => sum + laneHeight(lane), 0));
  return (
    <div ref={frame} className="timeline">
      {frameWidth === 0 ? null : (
        <svg
          className="timeline__drawing"
          width={frameWidth}
          height={SCALE + laid.reduce((sum, lane) => sum + laneHeight(lane), 0) + 6}
          role="listbox"
          tabIndex={0}
          aria-label={`Timeline of ${formatCounted(activities.length, 'activity', 'activities')}; arrow keys go from one to the next`}
          aria-activedescendant={selectedId === undefined ? undefined : `${id}-${selectedId}`}
          onKeyDown={onKeyDown}
        >
          <g aria-hidden="true">
            {ticksOf(span, width).map((tick) => {
              const x = labels + (tick / Math.max(1, span.toMs - span.fromMs)) * width;
              return (
                <g key={tick}>
                  <line x1={x} x2={x} y1={SCALE - 4} y2="100%" className="timeline__grid" />
                  <text
                    x={x > frameWidth - 74 ? x - 3 : x + 3}
                    y={SCALE - 9}
                    textAnchor={x > frameWidth - 74 ? 'end' : 'start'}
                    className="timeline__tick"
                  >
                    +{formatDuration(tick + span.fromMs - whole.fromMs)}
                  </text>
                </g>
              );
            })}
          </g>
          {laid.map((lane, index) => {
            const y = tops[index] ?? SCALE;
            return (
              <g key={lane.lane.id} role="group" aria-label={lane.lane.title} className={`lane lane--${lane.lane.id}`}>
                <line x1={0} x2={frameWidth} y1={y} y2={y} className="timeline__line" aria-hidden="true" />
                <text x={16} y={y + LANE_PADDING + BAR} className="timeline__label" aria-hidden="true">
                  {lane.lane.title}
                </text>
                {lane.bars.map((bar) => (
                  <BarShape
                    key={bar.activity.id}
                    id={`${id}-${bar.activity.id}`}
                    bar={bar}
                    x={labels + bar.x}
                    y={y + LANE_PADDING + bar.row * ROW}
                    isSelected={bar.activity.id === selectedId}
                    onSelect={onSelect}
                  />
                ))}
              </g>
            );
          })}
        </svg>
      )}
      <div className="timeline__tools">
        <Button look="quiet" onClick={() => onSelect(neighbour(laid, selectedId, -1)?.id)}>
          Previous
        </Button>
        <Button look="quiet" onClick={() => onSelect(neighbour(laid, selectedId, 1)?.id)}>
          Next
        </Button>
        <Button look="quiet" onClick={() => zoom(1 / ZOOM)} title="+ in the timeline">
          Zoom in
        </Button>
        <Button look="quiet" onClick={() => zoom(ZOOM)} disabled={zoomed === undefined} title="- in the timeline">
          Zoom out
        </Button>
        {zoomed === undefined ? null : (
          <span className="muted">
            shows {formatDuration(span.toMs - span.fromMs)} of {formatDuration(whole.toMs - whole.fromMs)}
          </span>
        )}
      </div>
    </div>
  );
}

interface BarProps {
  readonly id: string;
  readonly bar: Bar;
  readonly x: number;
  readonly y: number;
  readonly isSelected: boolean;
  readonly onSelect: (id: number) => void;
}

function BarShape({ id, bar, x, y, isSelected, onSelect }: BarProps) {
  const { activity } = bar;
  const words = `${titleOf(activity)}: ${targetOf(activity)}`;
  return (
    // The listbox above has the keys; a bar itself never has the focus.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <g id={id} role="option" aria-selected={isSelected} aria-label={words} onClick={() => onSelect(activity.id)}>
      <title>{words}</title>
      <rect
        x={x}
        y={y}
        width={bar.width}
        height={BAR}
        rx={2}
        className={activity.errors > 0 ? 'bar bar--error' : 'bar'}
      />
      {isSelected ? (
        <rect x={x - 3} y={y - 3} width={bar.width + 6} height={BAR + 6} rx={4} className="bar__ring" />
      ) : null}
    </g>
  );
}

function laneHeight({ rows }: LaidLane): number {
  return rows * ROW + 2 * LANE_PADDING - (ROW - BAR);
}

/** The activity that a key leads to: left and right through time over all lanes, up and down to another lane. */
function nextActivity(key: string, laid: readonly LaidLane[], selectedId: number | undefined): Activity | undefined {
  const all = inTime(laid);
  switch (key) {
    case 'ArrowRight':
      return neighbour(laid, selectedId, 1);
    case 'ArrowLeft':
      return neighbour(laid, selectedId, -1);
    case 'Home':
      return all[0];
    case 'End':
      return all.at(-1);
    case 'ArrowDown':
    case 'ArrowUp': {
      const lane = laid.findIndex(({ bars }) => bars.some(({ activity }) => activity.id === selectedId));
      if (lane < 0) return all[0];
      const from = laid[lane]?.bars.find(({ activity }) => activity.id === selectedId);
      const target = laid[lane + (key === 'ArrowDown' ? 1 : -1)];
      return target?.bars.reduce((best, bar) =>
        Math.abs(bar.x - (from?.x ?? 0)) < Math.abs(best.x - (from?.x ?? 0)) ? bar : best,
      ).activity;
    }
    default:
      return undefined;
  }
}

function neighbour(laid: readonly LaidLane[], selectedId: number | undefined, step: 1 | -1): Activity | undefined {
  const all = inTime(laid);
  const at = all.findIndex(({ id }) => id === selectedId);
  if (at < 0) return step === 1 ? all[0] : all.at(-1);
  return all[Math.min(all.length - 1, Math.max(0, at + step))];
}

function inTime(laid: readonly LaidLane[]): Activity[] {
  return laid
    .flatMap(({ bars }) => bars.map(({ activity }) => activity))
    .sort((a, b) => (a.firstSeen === b.firstSeen ? a.id - b.id : a.firstSeen < b.firstSeen ? -1 : 1));
}

/** A span around the selected activity, or around the start; undefined stands for the whole. */
function zoomSpan(whole: Span, span: Span, factor: number, selected: Activity | undefined): Span | undefined {
  const length = Math.max(5, (span.toMs - span.fromMs) * factor);
  if (length >= whole.toMs - whole.fromMs) return undefined;
  const centre = selected === undefined ? span.fromMs + length / 2 : Date.parse(selected.firstSeen);
  const fromMs = Math.min(Math.max(whole.fromMs, centre - length / 2), whole.toMs - length);
  return { fromMs, toMs: fromMs + length };
}
