import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Counters of the server, in Prometheus form. */
export interface Metrics {
  readonly registry: Registry;
  readonly batches: Counter<'result'>;
  readonly rows: Counter<'result'>;
  readonly ingestSeconds: Histogram;
  readonly groupRows: Histogram;
  readonly signInsRefused: Counter;
  readonly streamDropped: Counter;
}

/** Figures that are read when somebody asks. */
export interface Gauges {
  readonly engineRestarts: () => number;
  readonly streamViewers: () => number;
  readonly openChannels: () => number;
  readonly bytesUnderWay: () => number;
  readonly endpoints: () => Promise<{ known: number; reporting: number }>;
}

/** A registry of its own for every server, so that tests can run several in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'sentinel_' });
  const metrics: Metrics = {
    registry,
    batches: new Counter({
      name: 'sentinel_batches_total',
      help: 'Batches by result: stored, duplicate, conflict, malformed, unsupported, too-large, overloaded, failed.',
      labelNames: ['result'],
      registers,
    }),
    rows: new Counter({
      name: 'sentinel_rows_total',
      help: 'Rows by result: stored, set-aside.',
      labelNames: ['result'],
      registers,
    }),
    ingestSeconds: new Histogram({
      name: 'sentinel_ingest_seconds',
      help: 'Time from a whole body to its durable acknowledgement.',
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    groupRows: new Histogram({
      name: 'sentinel_group_rows',
      help: 'Rows written together in one group.',
      buckets: [1, 10, 100, 1_000, 5_000, 10_000, 20_000, 50_000, 100_000],
      registers,
    }),
    signInsRefused: new Counter({
      name: 'sentinel_sign_ins_refused_total',
      help: 'Sign-ins that were refused.',
      registers,
    }),
    streamDropped: new Counter({
      name: 'sentinel_stream_dropped_total',
      help: 'Live events left out because a viewer had too many.',
      registers,
    }),
  };
  for (const result of [
    'stored',
    'duplicate',
    'conflict',
    'malformed',
    'unsupported',
    'too-large',
    'overloaded',
    'failed',
  ]) {
    metrics.batches.inc({ result }, 0);
  }
  for (const result of ['stored', 'set-aside']) metrics.rows.inc({ result }, 0);
  return metrics;
}

/** Adds the figures that are read on demand. */
export function addGauges({ registry }: Metrics, gauges: Gauges): void {
  const registers = [registry];
  gauge('sentinel_engine_restarts_total', 'Times the event store engine was started again.', gauges.engineRestarts);
  gauge('sentinel_stream_viewers', 'Viewers of the live stream.', gauges.streamViewers);
  gauge('sentinel_open_channels', 'Channels that agents hold open.', gauges.openChannels);
  gauge('sentinel_ingest_bytes_under_way', 'Inflated bytes of batches not yet acknowledged.', gauges.bytesUnderWay);
  gauge('sentinel_endpoints_known', 'Endpoints that enrolled.', async () => (await gauges.endpoints()).known);
  gauge(
    'sentinel_endpoints_reporting',
    'Endpoints seen within three minutes.',
    async () => (await gauges.endpoints()).reporting,
  );

  function gauge(name: string, help: string, read: () => number | Promise<number>): void {
    registers[0]?.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        async collect() {
          this.set(await read());
        },
      }),
    );
  }
}
