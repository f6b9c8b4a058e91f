import { z } from 'zod';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';
import { PersonPermission } from '../roles.ts';
import { DepartmentName } from './endpoints.ts';
import { AccountName } from './people.ts';

const Moment = z.iso.datetime({ precision: 3 });

/** An API token, without its text. */
export const ApiToken = z.object({
  id: field(z.uuid(), { description: 'Id of the token.', sensitivity: 'public' }),
  name: z.string(),
  accountId: z.uuid(),
  userName: field(z.string(), { description: 'Account that it acts as.', sensitivity: 'internal' }),
  kind: z.enum(['person', 'service']),
  permissions: z.array(PersonPermission),
  departments: z.array(z.string()).meta({ description: 'What it sees; everything where there are none.' }),
  createdBy: field(z.string(), { description: 'Who made it.', sensitivity: 'internal' }),
  createdAt: Moment,
  expiresAt: Moment,
  lastUsedAt: Moment.optional(),
  lastAddress: field(z.string().optional(), { description: 'Address of the last use.', sensitivity: 'internal' }),
  revokedAt: Moment.optional(),
});
export type ApiToken = z.infer<typeof ApiToken>;

/** Permissions that take a person: a service account never has them. */
export const PERSONAL_PERMISSIONS: readonly PersonPermission[] = [
  'self',
  'policy.approve',
  'script.approve',
  'privacy.unmask',
];

export const listTokens = defineOperation({
  id: 'listTokens',
  method: 'GET',
  path: '/tokens',
  permission: 'token.manage',
  summary: 'API tokens, newest first.',
  response: z.object({ items: z.array(ApiToken), total: z.int().nonnegative() }),
});

export const createToken = defineOperation({
  id: 'createToken',
  method: 'POST',
  path: '/tokens',
  permission: 'token.manage',
  summary: 'Make an API token. It can do at most what its maker can. Its text is in this answer only.',
  body: z.object({
    name: z.string().trim().min(1).max(100).meta({ description: 'What it is for.' }),
    service: AccountName.optional().meta({
      description: 'Service account that it acts as, made where it is not there; the maker without it.',
    }),
    permissions: z.array(PersonPermission).min(1),
    departments: z.array(DepartmentName).max(200).default([]).meta({ description: 'Reach of a new service account.' }),
    expiresInDays: z.int().min(1).max(366).default(90),
  }),
  response: ApiToken.extend({
    token: field(z.string(), { description: 'The token itself; begins with sntl_.', sensitivity: 'secret' }),
  }),
});

export const revokeToken = defineOperation({
  id: 'revokeToken',
  method: 'DELETE',
  path: '/tokens/:tokenId',
  permission: 'token.manage',
  summary: 'End a token at once.',
  params: z.object({ tokenId: z.uuid() }),
  response: ApiToken,
});
