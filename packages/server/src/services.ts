import type { Logger } from 'pino';
import type { AuditTrail } from './audit/audit-trail.ts';
import type { DemoRunner } from './demo-runner.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { RunHub } from './live/run-hub.ts';
import type { Signals } from './live/signals.ts';
import type { Metrics } from './metrics.ts';
import type { Simulations } from './policy/simulations.ts';
import type { SignInGuard } from './sign-in-guard.ts';
import type { ControlStore } from './store/control-store.ts';
import type { EventStore } from './store/event-store.ts';

/** What the API's resources work with. */
export interface Services {
  readonly version: string;
  readonly control: ControlStore;
  readonly events: EventStore;
  readonly audit: AuditTrail;
  readonly signals: Signals;
  readonly ingest: Ingest;
  readonly hub: RunHub;
  readonly demo: DemoRunner;
  readonly metrics: Metrics;
  readonly simulations: Simulations;
  readonly signInGuard: SignInGuard;
  readonly log: Logger;
}
