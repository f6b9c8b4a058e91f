import type { Operation, OperationId, operations } from '@sentinel/protocol';
import type { z } from 'zod';
import type { Origin } from '../audit/audit-trail.ts';
import type { Person } from '../store/session.ts';

/** A body that its resource reads by itself. */
interface RawBody {
  readonly bytes: Buffer;
  readonly contentEncoding: string | undefined;
  /** Says how large it became; throws SentinelError `overloaded` if that is too much together with the rest. */
  readonly claim: (bytes: number) => void;
}

type Shape<T> = T extends z.ZodType ? z.output<T> : undefined;

type CallerOf<O extends Operation> = O['permission'] extends 'agent'
  ? { readonly endpointId: string; readonly bootId: string }
  : O['permission'] extends 'upload'
    ? { readonly endpointId?: string; readonly enrolmentToken?: string }
    : O['permission'] extends 'public'
      ? object
      : { readonly person: Person };

type BodyOf<O extends Operation> = O['id'] extends 'sendBatch'
  ? RawBody
  : O extends { body: infer B }
    ? Shape<B>
    : undefined;

/** One request, parsed and allowed. */
type Call<O extends Operation> = CallerOf<O> & {
  readonly params: O extends { params: infer P } ? Shape<P> : undefined;
  readonly query: O extends { query: infer Q } ? Shape<Q> : undefined;
  readonly body: BodyOf<O>;
  /** Aborts when the caller has gone or the server stops. */
  readonly signal: AbortSignal;
  /** Where the request comes from, for acts of somebody who is not signed in. */
  readonly origin: Origin;
  /** Where the caller reaches this server, without a slash at the end. */
  readonly baseUrl: string;
  /** Sets the session cookie, or takes it away. */
  readonly setSession: (token: string | undefined) => void;
};

/** Implements an operation: a request in, its answer or its events out. */
type Handler<O extends Operation> = O extends { stream: true }
  ? (call: Call<O>) => AsyncIterable<z.input<O['response']>>
  : (call: Call<O>) => Promise<z.input<O['response']>>;

/** A handler for every operation of a resource; the channel of agents, ten thousand of them held open, is served without one. */
export type Handlers<Id extends OperationId = Exclude<OperationId, 'openChannel'>> = {
  readonly [K in Id]: Handler<(typeof operations)[K]>;
};
