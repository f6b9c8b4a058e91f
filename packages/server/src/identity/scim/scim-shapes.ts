import { z } from 'zod';

/** Names of the shapes. Source: RFC 7643, section 8.7; RFC 7644, section 3. */
export const SCHEMA = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  enterprise: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  list: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patch: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  config: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
} as const;

/** A boolean; some directories send it as text. */
export const ScimBoolean = z.union([
  z.boolean(),
  z.string().transform((text, context) => {
    if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
    context.addIssue({ code: 'custom', message: 'must be true or false' });
    return z.NEVER;
  }),
]);

const Text = z.string().max(500);

/** What is read of a user; the rest of it is not for Sentinel. */
export const ScimUser = z.object({
  userName: z.string().trim().min(1).max(128),
  externalId: Text.nullish(),
  displayName: Text.nullish(),
  name: z.object({ formatted: Text.nullish(), givenName: Text.nullish(), familyName: Text.nullish() }).nullish(),
  emails: z.array(z.object({ value: z.string().max(254), primary: ScimBoolean.nullish() })).nullish(),
  active: ScimBoolean.nullish(),
  [SCHEMA.enterprise]: z
    .object({ department: Text.nullish(), manager: z.object({ displayName: Text.nullish() }).nullish() })
    .nullish(),
});
export type ScimUser = z.infer<typeof ScimUser>;

const Members = z.array(z.object({ value: z.string().max(128) })).max(50_000);

/** A group. */
export const ScimGroup = z.object({
  displayName: z.string().trim().min(1).max(255),
  externalId: Text.nullish(),
  members: Members.nullish(),
});
export type ScimGroup = z.infer<typeof ScimGroup>;

/** A change. Names of operations come in any case. Source: RFC 7644, section 3.5.2. */
export const ScimPatch = z.object({
  Operations: z
    .array(
      z.object({
        op: z
          .string()
          .transform((op) => op.toLowerCase())
          .pipe(z.enum(['add', 'replace', 'remove'])),
        path: z.string().max(500).nullish(),
        value: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(1_000),
});
export type ScimPatch = z.infer<typeof ScimPatch>;

/** Which rows a list is about. */
export const ScimQuery = z.object({
  filter: z.string().max(500).optional(),
  startIndex: z.coerce.number().int().catch(1).default(1),
  count: z.coerce.number().int().min(0).catch(100).default(100),
});
