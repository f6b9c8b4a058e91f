import type { Logger } from 'pino';
import type { AuditTrail } from './audit/audit-trail.ts';
import type { AgentChannels } from './channel/agent-channels.ts';
import type { AgentDoor } from './channel/agent-door.ts';
import type { BundleShelf } from './channel/bundle-shelf.ts';
import type { DemoRunner } from './demo-runner.ts';
import type { GroupRoles } from './identity/group-roles.ts';
import type { SignInLock } from './identity/sign-in-lock.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { RunHub } from './live/run-hub.ts';
import type { Signals } from './live/signals.ts';
import type { Metrics } from './metrics.ts';
import type { Simulations } from './policy/simulations.ts';
import type { Seal } from './seal.ts';
import type { OidcConfig } from './settings.ts';
import type { ControlStore } from './store/control-store.ts';
import type { EventStore } from './store/event-store.ts';

/** What the API's resources work with. */
export interface Services {
  readonly version: string;
  readonly control: ControlStore;
  readonly events: EventStore;
  readonly audit: AuditTrail;
  readonly signals: Signals;
  readonly door: AgentDoor;
  readonly channels: AgentChannels;
  readonly shelf: BundleShelf;
  /** Encrypts what is kept at rest. */
  readonly seal: Seal;
  /** Which scripts that ran the vault keeps. */
  readonly vaultScope: 'none' | 'own' | 'all';
  readonly ingest: Ingest;
  readonly hub: RunHub;
  readonly demo: DemoRunner;
  readonly metrics: Metrics;
  readonly simulations: Simulations;
  readonly signInLock: SignInLock;
  /** The company's own sign-in, and what its groups give here. */
  readonly signInSettings: { readonly oidc?: OidcConfig | undefined; readonly groupRoles: GroupRoles };
  readonly log: Logger;
}
