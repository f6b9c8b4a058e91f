import { Link, useNavigate } from '@tanstack/react-router';
import { formatCount, formatCounted } from '../../ui/format-count.ts';
import { formatDateTime, formatHour } from '../../ui/format-time.ts';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { useWidth } from '../../ui/use-width.ts';

interface Hour {
  readonly hour: string;
  readonly runs: number;
  readonly failures: number;
}

const COLUMNS = [{ title: 'Hour' }, { title: 'Runs', numeric: true }, { title: 'Failed', numeric: true }];
const HEIGHT = 132;
const BASE = 22;
const LEFT = 34;
const HOUR_MS = 3_600_000;

/** Runs of the last 24 hours as bars, and the same as a table. */
export function RunsByHour({ hours }: { readonly hours: readonly Hour[] }) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const navigate = useNavigate();
  const total = hours.reduce((sum, { runs }) => sum + runs, 0);
  const failures = hours.reduce((sum, hour) => sum + hour.failures, 0);
  const top = niceTop(Math.max(1, ...hours.map(({ runs }) => runs)));
  const plot = HEIGHT - BASE - 8;
  const step = (width - LEFT) / Math.max(1, hours.length);
  const y = (value: number) => HEIGHT - BASE - (value / top) * plot;
  return (
    <Panel
      title="Runs by hour"
      note={
        <span className="legend">
          <span className="legend__item">Runs</span>
          <span className="legend__item legend__item--bad">of these failed</span>
        </span>
      }
    >
      <div className="panel__body">
        <div ref={frame} className="bars">
          {width === 0 ? null : (
            // The table below has the same numbers and links; the drawing is for the eye and the mouse.
            <svg width={width} height={HEIGHT} aria-hidden="true">
              {[0, top / 2, top].map((value) => (
                <g key={value}>
                  <line x1={LEFT} x2={width} y1={y(value)} y2={y(value)} className="bars__grid" />
                  <text x={LEFT - 8} y={y(value) + 4} textAnchor="end" className="bars__text">
                    {formatCount(value)}
                  </text>
                </g>
              ))}
              {hours.map((hour, index) => {
                const x = LEFT + index * step;
                const words = `${formatHour(hour.hour)}: ${formatCounted(hour.runs, 'run')}, ${formatCount(hour.failures)} failed`;
                return (
                  // oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- the table has the links
                  <g
                    key={hour.hour}
                    className="bars__hour"
                    onClick={() => void navigate({ to: '/runs', search: hourSearch(hour) })}
                  >
                    <title>{words}</title>
                    <rect x={x} y={0} width={step} height={HEIGHT - BASE} className="bars__hit" />
                    <rect
                      x={x + step * 0.16}
                      y={y(hour.runs)}
                      width={step * 0.68}
                      height={HEIGHT - BASE - y(hour.runs)}
                      className="bars__runs"
                      rx={1.5}
                    />
                    {hour.failures === 0 ? null : (
                      <rect
                        x={x + step * 0.16}
                        y={y(hour.failures)}
                        width={step * 0.68}
                        height={HEIGHT - BASE - y(hour.failures)}
                        className="bars__failures"
                        rx={1.5}
                      />
                    )}
                    {index % labelEvery(step) === 0 ? (
                      <text x={x + step / 2} y={HEIGHT - 6} textAnchor="middle" className="bars__text">
                        {formatHour(hour.hour)}
                      </text>
                    ) : null}
                  </g>
                );
              })}
            </svg>
          )}
        </div>
        <details className="twin">
          <summary>
            {formatCounted(total, 'run')}, {formatCount(failures)} failed: as a table
          </summary>
          <Table label="Runs by hour" columns={COLUMNS}>
            {hours.map((hour) => (
              <tr key={hour.hour}>
                <td>
                  <Link to="/runs" search={hourSearch(hour)}>
                    {formatDateTime(hour.hour)}
                  </Link>
                </td>
                <td className="num">{formatCount(hour.runs)}</td>
                <td className="num">{formatCount(hour.failures)}</td>
              </tr>
            ))}
          </Table>
        </details>
      </div>
    </Panel>
  );
}

function hourSearch({ hour }: Hour): { since: string; until: string } {
  return { since: hour, until: new Date(Date.parse(hour) + HOUR_MS).toISOString() };
}

/** The next even number of the form 2, 4, 6, 10 or 20 times a power of ten, so that half of it is whole. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [2, 4, 6, 10, 20].map((factor) => factor * power).find((top) => top >= value) ?? 20 * power;
}

function labelEvery(step: number): number {
  return step > 44 ? 1 : step > 22 ? 2 : step > 14 ? 4 : 6;
}
