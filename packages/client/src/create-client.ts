import { type Operation, type OperationId, operations, Problem, SentinelError } from '@sentinel/protocol';
import { eventData } from './event-lines.ts';

/** How to reach a server. */
export interface ClientOptions {
  /** Origin of the server, such as `http://127.0.0.1:7390`; empty for the page's own. */
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
  /** Bearer credential of an agent. A browser sends its session cookie instead. */
  readonly credential?: string;
  /** Ends every request when it aborts. */
  readonly signal?: AbortSignal;
}

/** What every call may have besides its own arguments. */
interface CallOptions {
  readonly signal?: AbortSignal;
  /** The server carries out a POST with the same key once, and gives the same answer again. */
  readonly idempotencyKey?: string;
  /** ETag of what is to be changed: refused with `precondition-failed` if it is not so any more. */
  readonly ifMatch?: string;
}

/** What a shape takes and gives, read off zod's own type slots. */
type Input<T> = T extends { readonly _zod: { readonly input: infer I } } ? I : never;
type Output<T> = T extends { readonly _zod: { readonly output: infer R } } ? R : never;
type Part<O, K extends 'params' | 'query' | 'body'> = O extends { readonly [P in K]: infer S } ? Input<S> : never;
/** A part that may be left out altogether becomes optional. */
type Argument<O, K extends 'params' | 'query' | 'body'> = [Part<O, K>] extends [never]
  ? object
  : object extends Part<O, K>
    ? { readonly [P in K]?: Part<O, K> }
    : { readonly [P in K]: Part<O, K> };

/** Arguments of an operation: `params`, `query` and `body`, those that it has. */
type Arguments<O extends Operation> = Argument<O, 'params'> & Argument<O, 'query'> & Argument<O, 'body'> & CallOptions;

/** Answer of an operation: its response, or its events one by one. */
type Answer<O extends Operation> = O extends { stream: true }
  ? AsyncGenerator<Output<O['response']>>
  : Promise<Output<O['response']>>;

type Method<O extends Operation> =
  object extends Arguments<O> ? (args?: Arguments<O>) => Answer<O> : (args: Arguments<O>) => Answer<O>;

/** One method for every operation of the protocol, under its id. */
export type Client = { readonly [Id in OperationId]: Method<(typeof operations)[Id]> };

interface AnyArguments extends CallOptions {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

/**
 * A client of the server's API. Every method rejects with a SentinelError that the server's problem
 * details name; with `store-unavailable` where no server answers; with `internal` where something
 * else answers. A stream ends when the server closes it: connecting again is up to the caller.
 */
export function createClient(options: ClientOptions): Client {
  const methods = Object.entries(operations).map(([id, operation]: [string, Operation]) => [
    id,
    operation.stream === true
      ? (args: AnyArguments = {}) => events(operation, args, options)
      : (args: AnyArguments = {}) => answer(operation, args, options),
  ]);
  return Object.fromEntries(methods) as Client;
}

async function answer(operation: Operation, args: AnyArguments, options: ClientOptions): Promise<unknown> {
  const response = await send(operation, args, options);
  return read(operation, await response.text());
}

async function* events(operation: Operation, args: AnyArguments, options: ClientOptions): AsyncGenerator {
  const { body } = await send(operation, args, options);
  if (body === null) return;
  for await (const data of eventData(body)) yield read(operation, data);
}

function read(operation: Operation, text: string): unknown {
  try {
    return operation.response.parse(JSON.parse(text));
  } catch (error) {
    throw new SentinelError('internal', `The answer to ${operation.id} does not have its shape.`, { cause: error });
  }
}

async function send(operation: Operation, args: AnyArguments, options: ClientOptions): Promise<Response> {
  const { baseUrl, credential, fetch: send = globalThis.fetch } = options;
  const signals = [options.signal, args.signal].filter((signal) => signal !== undefined);
  let response: Response;
  try {
    response = await send(urlOf(baseUrl, operation, args), {
      method: operation.method,
      headers: {
        accept: operation.stream === true ? 'text/event-stream' : 'application/json',
        ...(args.body === undefined && operation.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(credential === undefined ? {} : { authorization: `Bearer ${credential}` }),
        ...(args.idempotencyKey === undefined ? {} : { 'idempotency-key': args.idempotencyKey }),
        ...(args.ifMatch === undefined ? {} : { 'if-match': args.ifMatch }),
      },
      credentials: 'same-origin',
      ...(operation.body === undefined ? {} : { body: JSON.stringify(args.body ?? {}) }),
      ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
    });
  } catch (error) {
    if (signals.some(({ aborted }) => aborted)) throw error;
    throw new SentinelError('store-unavailable', 'The server cannot be reached.', { cause: error });
  }
  if (response.ok) return response;
  throw await toError(response);
}

function urlOf(baseUrl: string, { path }: Operation, { params = {}, query = {} }: AnyArguments): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const text = search.toString();
  return `${baseUrl}/api/v1${filled}${text === '' ? '' : `?${text}`}`;
}

async function toError(response: Response): Promise<SentinelError> {
  const problem = Problem.safeParse(await response.json().catch(() => undefined));
  if (problem.success) return new SentinelError(problem.data.code, problem.data.detail);
  return new SentinelError('internal', `The answer ${response.status} is none of a Sentinel server.`);
}
