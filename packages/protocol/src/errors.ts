import { z } from 'zod';

/** What an error code means. */
export interface ErrorDefinition {
  /** HTTP status that the API answers with. */
  readonly status: number;
  /** Title for people, the same for every occurrence. */
  readonly title: string;
  /** What the reader can do about it. */
  readonly hint: string;
  /** Whether the same request may succeed later. */
  readonly retry: boolean;
}

/** The catalogue of error codes. Codes are never reused. */
export const errorCodes = {
  'bad-request': e(
    400,
    'The request does not fit its shape',
    'Compare it with the OpenAPI document; the detail names the field.',
    false,
  ),
  'malformed-batch': e(
    400,
    'The body is no batch',
    'It was set aside and counted. Send JSON of the batch shape.',
    false,
  ),
  'unsupported-protocol': e(
    400,
    'The protocol version is not spoken here',
    'Update the agent or the server so that their majors meet.',
    false,
  ),
  'not-signed-in': e(401, 'Not signed in', 'Sign in, or send a valid credential.', false),
  'sequence-used': e(
    401,
    'The number of the request was used',
    'The answer names the next free number in Sentinel-Sequence; sign again with it.',
    false,
  ),
  'enrolment-refused': e(
    401,
    'The enrolment token is not valid',
    'Make a new token on the Machines page; tokens expire and count their uses.',
    false,
  ),
  'not-allowed': e(403, 'Not allowed', 'Ask an owner for the permission that the detail names.', false),
  'not-found': e(404, 'Not found', 'Check the id; it may belong to data that retention has removed.', false),
  'method-not-allowed': e(405, 'Method not allowed', 'See the OpenAPI document for the methods of this path.', false),
  conflict: e(409, 'It conflicts with the present state', 'Read the present state again and decide anew.', false),
  'batch-conflict': e(
    409,
    'Another batch has this number',
    'The batch was set aside. The spool of this agent was copied or tampered with.',
    false,
  ),
  'precondition-failed': e(412, 'It was changed meanwhile', 'Read it again, and decide anew with its new ETag.', false),
  'too-large': e(413, 'The body is too large', 'Split it; the limit is in the detail.', false),
  'unsupported-media': e(
    415,
    'The content type or encoding is not taken',
    'Send application/json, plain or gzip.',
    false,
  ),
  'too-many-requests': e(429, 'Too many requests', 'Wait for the time in Retry-After.', true),
  internal: e(500, 'The server failed', 'The log has the request id. Nothing was acknowledged.', true),
  'store-unavailable': e(
    503,
    'A store is not available',
    'It restarts by itself; send again after the time in Retry-After.',
    true,
  ),
  overloaded: e(503, 'Too much is under way', 'Send again after the time in Retry-After.', true),
} as const satisfies Record<string, ErrorDefinition>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof errorCodes;

/** Every code, for schemas. */
export const ErrorCodeName = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);

/** Problem details, the body of every error answer. Source: RFC 9457. */
export const Problem = z.object({
  type: z.string().meta({ description: 'URI reference of the kind of problem.' }),
  title: z.string().meta({ description: 'Title of the code.' }),
  status: z.int().meta({ description: 'HTTP status.' }),
  detail: z.string().meta({ description: 'What happened this time.' }),
  code: ErrorCodeName.meta({ description: 'Code of the catalogue.' }),
  hint: z.string().meta({ description: 'What to do.' }),
  retry: z.boolean().meta({ description: 'Whether the same request may succeed later.' }),
  requestId: z.string().optional().meta({ description: 'Id of the request in the log.' }),
});
export type Problem = z.infer<typeof Problem>;

/** An error with a code of the catalogue. */
export class SentinelError extends Error {
  readonly code: ErrorCode;

  /**
   * @param code - Code of the catalogue.
   * @param detail - What happened this time; shown to the caller, so never a secret.
   */
  constructor(code: ErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'SentinelError';
    this.code = code;
  }

  /** Problem details of this error. */
  toProblem(requestId?: string): Problem {
    const { status, title, hint, retry } = errorCodes[this.code];
    return {
      type: `urn:sentinel:error:${this.code}`,
      title,
      status,
      detail: this.message,
      code: this.code,
      hint,
      retry,
      ...(requestId === undefined ? {} : { requestId }),
    };
  }
}

function e(status: number, title: string, hint: string, retry: boolean): ErrorDefinition {
  return { status, title, hint, retry };
}
