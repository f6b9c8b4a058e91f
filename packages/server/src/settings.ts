import { readFileSync } from 'node:fs';
import { Role } from '@sentinel/protocol';
import { z } from 'zod';

/** The company's own sign-in. */
const OidcConfig = z.strictObject({
  /** As its discovery document says it. Plain HTTP is for a provider on this computer only. */
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).optional(),
  /** File that holds the secret, instead of the secret itself. */
  clientSecretFile: z.string().min(1).optional(),
  /** What stands on the button. */
  name: z.string().min(1).max(60).default('your company'),
  scopes: z.string().default('openid profile email groups'),
  groupsClaim: z.string().min(1).default('groups'),
  userNameClaim: z.string().min(1).default('preferred_username'),
});
export type OidcConfig = z.infer<typeof OidcConfig>;

/** Settings of the server, from the command line or a file. */
export const ServerConfig = z.strictObject({
  data: z.string().min(1),
  host: z.string().min(1).default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(7390),
  console: z.string().min(1).optional(),
  demoCommand: z.array(z.string()).min(1).optional(),
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** `auto`: TLS wherever others than this computer can connect; `off`: a proxy in front does it. */
  tls: z.enum(['auto', 'on', 'off']).default('auto'),
  /** A company's own certificate with those that signed it, and its key, in PEM; else an authority is made in the data folder. */
  tlsCert: z.string().min(1).optional(),
  tlsKey: z.string().min(1).optional(),
  /** Requests a minute that one address may send, agents excepted: a guard against floods, far above what people do. */
  requestsPerMinute: z.int().min(60).default(30_000),
  /** `postgres://user@host/database`; a file in the data folder without it. */
  control: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//, 'it must start with postgres://')
    .optional(),
  /** `https://user:password@host:8443/database` of a ClickHouse; an embedded engine without it. */
  events: z.url({ protocol: /^https?$/ }).optional(),
  /** Cluster of that ClickHouse that tables are replicated and distributed over. */
  eventsCluster: z
    .string()
    .regex(/^[\w.-]+$/)
    .optional(),
  /** Key file of what is encrypted at rest; in the data folder without it. Several servers need the same one. */
  sealKey: z.string().min(1).optional(),
  oidc: OidcConfig.optional(),
  /** Groups of the company's directory, from its sign-in or SCIM, and what they give here. */
  groupRoles: z
    .record(
      z.string(),
      z.strictObject({ roles: z.array(Role).min(1), departments: z.array(z.string().min(1)).default([]) }),
    )
    .default({}),
  engineMemoryMb: z.int().min(256).default(1024),
  ingestMemoryMb: z.int().min(16).default(128),
  /** Scripts that ran and whose source the vault keeps: none, those that people wrote, or libraries too. */
  vaultScope: z.enum(['none', 'own', 'all']).default('own'),
});
export type ServerConfig = z.infer<typeof ServerConfig>;

/**
 * The settings of a file with those of the command line over them.
 * @throws Error with a sentence that names the setting that is wrong.
 */
export function readSettings(given: Readonly<Record<string, unknown>>, file: string | undefined): ServerConfig {
  const all = { ...(file === undefined ? {} : readFile(file)), ...given };
  const parsed = ServerConfig.safeParse(all);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (issue?.code === 'unrecognized_keys') {
    throw new Error(
      `unknown setting ${issue.keys.map((key) => `"${key}"`).join(', ')}; known are ${Object.keys(ServerConfig.shape).join(', ')}`,
    );
  }
  const name = issue?.path.join('.') ?? '';
  if (name === 'data' && all.data === undefined)
    throw new Error('the data folder is not set: give --data DIR, or "data" in the file of --config');
  throw new Error(`setting "${name}" is wrong: ${issue?.message ?? 'it does not fit'}`);
}

function readFile(file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`the settings file "${file}" cannot be read: ${(error as Error).message}`, { cause: error });
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new Error(`the settings file "${file}" does not hold a JSON object`);
  }
  return content as Record<string, unknown>;
}
