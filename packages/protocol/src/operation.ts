import type { z } from 'zod';
import type { PersonPermission } from './roles.ts';

/** Who may call an operation. */
export type Permission =
  /** Anyone who reaches the port. */
  | 'public'
  /** An enrolled agent, by its signature. */
  | 'agent'
  /** An enrolled agent, or who holds an enrolment token: a computer without an agent. */
  | 'upload'
  /** A person, or a token, that has it. */
  | PersonPermission;

/** One API operation: method, path, permission and shapes. */
export interface Operation {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path below `/api/v1`, parameters as `:name`. */
  readonly path: string;
  readonly permission: Permission;
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
  /** Largest body; absent for the usual small one. */
  readonly maxBodyBytes?: number;
  /** Set for an answer that is a stream of server-sent events; `response` is then the shape of one event's data. */
  readonly stream?: true;
}

/** Keeps the literal types of a definition while checking it. */
export function defineOperation<const T extends Operation>(operation: T): T {
  return operation;
}
