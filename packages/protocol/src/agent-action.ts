import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { field } from './field.ts';
import { BundleSignature } from './policy-bundle.ts';

/** Version of an action's form. */
export const ACTION_FORMAT = 1;

/** Longest life of an action, in days: so long an endpoint remembers that it did one. */
export const MAX_ACTION_DAYS = 7;
/** The same of a standing order, which endpoints that come back after months, or are new, are to hear of too. */
export const MAX_STANDING_DAYS = 400;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hex');
/** A host with all below it, or an address or a net of addresses. */
const Destination = z
  .string()
  .max(253)
  .regex(
    /^(?:(?=[a-z0-9.-]*[a-z])(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?|\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?|(?=.*:)[0-9a-f:]{2,39}(?:\/\d{1,3})?)$/,
    'a host in lower case, an address or a net such as 203.0.113.0/24',
  );

const action = <const K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.strictObject({ kind: z.literal(kind), ...shape });

/** What an agent can be told to do. The list is closed: no shell, no script, no file fetch. */
export const ActionOrder = z.discriminatedUnion('kind', [
  /** Looks at all interpreters and environments again. */
  action('rescan', {}),
  /** Ships what is spooled, now. */
  action('flush', {}),
  /** Makes a new key of the endpoint. */
  action('rotate-key', {}),
  /** Reports only, whatever the policies say, or lets them hold again. */
  action('set-mode', {
    mode: field(z.enum(['monitor', 'enforce']), { description: 'What policies may do here.', sensitivity: 'public' }),
    until: field(Timestamp.optional(), { description: 'When `monitor` ends by itself.', sensitivity: 'public' }),
  }),
  /** Ends a run and its children. */
  action('stop-run', {
    runId: field(z.uuid(), { description: 'The run.', sensitivity: 'public' }),
  }),
  /** Brings the source of one script version into the vault, its secrets replaced. */
  action('collect-script', {
    sha256: field(z.string().regex(/^[0-9a-f]{64}$/), { description: 'The version.', sensitivity: 'public' }),
  }),
  /** Refuses one script version from now on, on start and at every new act. Stands until it is lifted. */
  action('quarantine-script', {
    sha256: field(Sha256, { description: 'The version.', sensitivity: 'public' }),
    endsRuns: field(z.boolean(), { description: 'Whether runs of it that go on are ended.', sensitivity: 'public' }),
    until: field(Timestamp.optional(), { description: 'When it ends by itself.', sensitivity: 'public' }),
  }),
  /** Lets no script reach a destination any more. Stands until it is lifted. */
  action('isolate-destination', {
    destination: field(Destination, {
      description: 'Host, with all below it, address or net of addresses.',
      sensitivity: 'internal',
    }),
    until: field(Timestamp.optional(), { description: 'When it ends by itself.', sensitivity: 'public' }),
  }),
  /** Says what was decided of a script version, before the next bundle does. Of two words the one that was signed later counts. */
  action('decide-approval', {
    sha256: field(Sha256, { description: 'The version.', sensitivity: 'public' }),
    state: field(z.enum(['approved', 'revoked']), { description: 'What was decided.', sensitivity: 'public' }),
    until: field(Timestamp.optional(), { description: 'End of an approval.', sensitivity: 'public' }),
  }),
  /** Ends a standing order, or has it never begin. */
  action('lift', {
    actionId: field(z.uuid(), { description: 'The order.', sensitivity: 'public' }),
  }),
  /** Says how the agent does: counters, versions, times; no names of files or people. */
  action('diagnostics', {}),
]);
export type ActionOrder = z.infer<typeof ActionOrder>;
export type ActionKind = ActionOrder['kind'];

/** Kinds of the closed list. */
export const ACTION_KINDS = ActionOrder.options.map((option) => option.shape.kind.value) as [
  ActionKind,
  ...ActionKind[],
];

/** Kinds that hold on an endpoint until they are lifted or over; also endpoints that are enrolled later get them. */
export const STANDING_KINDS = [
  'quarantine-script',
  'isolate-destination',
  'decide-approval',
] as const satisfies ActionKind[];

/** Whether orders of that kind hold on. */
export function isStanding(kind: ActionKind): boolean {
  return (STANDING_KINDS as readonly string[]).includes(kind);
}

/** Whom an action is for: endpoints by id, or all of some groups. */
export const ActionTarget = z.strictObject({
  endpoints: field(z.array(z.uuid()).max(1000), { description: 'Ids of endpoints.', sensitivity: 'internal' }),
  groups: field(z.array(z.string().min(1)).max(100), {
    description: 'Groups of endpoints; * for all.',
    sensitivity: 'internal',
  }),
});
export type ActionTarget = z.infer<typeof ActionTarget>;

/** What an operator signs to have something done. */
export const AgentAction = z.strictObject({
  format: field(z.literal(ACTION_FORMAT), { description: 'Version of this form.', sensitivity: 'public' }),
  id: field(z.uuid(), { description: 'Done once on each endpoint.', sensitivity: 'public' }),
  organisation: field(z.string().min(1), { description: 'Whose endpoints it is for.', sensitivity: 'internal' }),
  issuedAt: field(Timestamp, { description: 'When it was made.', sensitivity: 'public' }),
  notAfter: field(Timestamp, { description: 'After that it is done nowhere.', sensitivity: 'public' }),
  target: ActionTarget,
  order: ActionOrder,
  reason: field(z.string().min(1).max(500), { description: 'Why.', sensitivity: 'internal' }),
});
export type AgentAction = z.infer<typeof AgentAction>;

/** An action with its signatures. The payload is kept as the bytes that were signed. */
export const SignedAction = z.strictObject({
  payload: field(z.string().max(96 * 1024), {
    description: 'The action as JSON in UTF-8, in base64.',
    sensitivity: 'internal',
  }),
  signatures: field(z.array(BundleSignature).max(32), {
    description: 'Signatures of operators.',
    sensitivity: 'public',
  }),
});
export type SignedAction = z.infer<typeof SignedAction>;

/** How it stands with an action on one endpoint. */
export const ActionState = z.enum([
  /** Waits for the endpoint to come. */
  'asked',
  /** Went out to the endpoint. */
  'sent',
  'done',
  'failed',
  /** The endpoint did not take it, whatever the server says. */
  'refused',
  /** Its time was over before the endpoint did it. */
  'expired',
]);
export type ActionState = z.infer<typeof ActionState>;

/** What an endpoint says came of an action. */
export const ActionResult = z.object({
  state: field(z.enum(['done', 'failed', 'refused']), { description: 'Outcome.', sensitivity: 'public' }),
  detail: field(z.string().max(16 * 1024), { description: 'What was done, or why not.', sensitivity: 'internal' }),
});
export type ActionResult = z.infer<typeof ActionResult>;
