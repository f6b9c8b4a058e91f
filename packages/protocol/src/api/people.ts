import { z } from 'zod';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';
import { Role } from '../roles.ts';
import { DepartmentName } from './endpoints.ts';

const Moment = z.iso.datetime({ precision: 3 });
const UserName = z
  .string()
  .trim()
  .min(1)
  .max(128)
  .regex(/^[\p{L}\p{N}._@+-]+$/u, 'may have letters, digits and . _ @ + - only');

/** Name of an account as people type it. */
export const AccountName = UserName;

/** An account, without anything it signs in with. */
export const Account = z.object({
  id: field(z.uuid(), { description: 'Id of the account.', sensitivity: 'public' }),
  userName: field(z.string(), { description: 'Name to sign in with.', sensitivity: 'internal' }),
  displayName: field(z.string().optional(), { description: 'Name for people.', sensitivity: 'internal' }),
  email: field(z.string().optional(), { description: 'Mail address.', sensitivity: 'internal' }),
  kind: z.enum(['person', 'service']),
  source: z.enum(['local', 'scim', 'oidc']).meta({ description: 'Who keeps it.' }),
  roles: z.array(Role),
  departments: field(z.array(z.string()), {
    description: 'Departments that a department owner sees.',
    sensitivity: 'internal',
  }),
  osUsers: field(z.array(z.string()), {
    description: 'Accounts of operating systems whose runs are this person’s own.',
    sensitivity: 'internal',
  }),
  isActive: z.boolean(),
  isBreakGlass: z.boolean(),
  hasPassword: z.boolean(),
  hasTotp: z.boolean(),
  passkeys: z.int().nonnegative(),
  sessions: z.int().nonnegative(),
  createdAt: Moment,
  lastSeenAt: Moment.optional(),
});
export type Account = z.infer<typeof Account>;

const Roles = z.array(Role).min(1).max(11);
const Names = z.array(z.string().trim().min(1).max(128)).max(200);
const AccountId = z.object({ accountId: z.uuid() });

export const listPeople = defineOperation({
  id: 'listPeople',
  method: 'GET',
  path: '/people',
  permission: 'people.manage',
  summary: 'Accounts of people and services, by name.',
  query: PageQuery.extend({ q: z.string().max(200).optional() }),
  response: pageOf(Account),
});

export const getPerson = defineOperation({
  id: 'getPerson',
  method: 'GET',
  path: '/people/:accountId',
  permission: 'people.manage',
  summary: 'One account.',
  params: AccountId,
  response: Account,
});

export const createPerson = defineOperation({
  id: 'createPerson',
  method: 'POST',
  path: '/people',
  permission: 'people.manage',
  summary: 'Make an account. A person gets a one-time sign-in link; a service signs in with tokens only.',
  body: z.object({
    userName: UserName,
    displayName: z.string().trim().max(200).optional(),
    email: z.email().max(254).optional(),
    kind: z.enum(['person', 'service']).default('person'),
    roles: Roles,
    departments: z.array(DepartmentName).max(200).default([]),
    osUsers: Names.default([]),
  }),
  response: z.object({
    account: Account,
    signInToken: field(z.string().optional(), {
      description: 'Token of the one-time link, `/sign-in#token=…`.',
      sensitivity: 'secret',
    }),
  }),
});

export const updatePerson = defineOperation({
  id: 'updatePerson',
  method: 'PUT',
  path: '/people/:accountId',
  permission: 'people.manage',
  summary: 'Change roles, reach or state of an account. What is left out stays.',
  params: AccountId,
  body: z.object({
    displayName: z.string().trim().max(200).optional(),
    email: z.email().max(254).optional(),
    roles: Roles.optional(),
    departments: z.array(DepartmentName).max(200).optional(),
    osUsers: Names.optional(),
    isActive: z.boolean().optional(),
    reason: z.string().trim().max(1000).optional(),
  }),
  response: Account,
});

export const createPersonLink = defineOperation({
  id: 'createPersonLink',
  method: 'POST',
  path: '/people/:accountId/sign-in-link',
  permission: 'people.manage',
  summary: 'A one-time sign-in link for somebody who cannot sign in. It also takes the second factor away.',
  params: AccountId,
  body: z.object({ reason: z.string().trim().min(1).max(1000) }),
  response: z.object({
    signInToken: field(z.string(), { description: 'Token of the link.', sensitivity: 'secret' }),
    expiresAt: Moment,
  }),
});

export const endPersonSessions = defineOperation({
  id: 'endPersonSessions',
  method: 'DELETE',
  path: '/people/:accountId/sessions',
  permission: 'people.manage',
  summary: 'End every session of an account.',
  params: AccountId,
  response: z.object({ ended: z.int().nonnegative() }),
});

export const getSignInSettings = defineOperation({
  id: 'getSignInSettings',
  method: 'GET',
  path: '/sign-in-settings',
  permission: 'people.manage',
  summary: 'How the company signs in, as the settings of the server say it.',
  response: z.object({
    oidc: z.object({ name: z.string(), issuer: z.string(), clientId: z.string(), groupsClaim: z.string() }).optional(),
    groupRoles: z.array(z.object({ group: z.string(), roles: z.array(Role), departments: z.array(z.string()) })),
    scimPath: z.string(),
  }),
});
