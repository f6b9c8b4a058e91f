import { readFileSync } from 'node:fs';
import { z } from 'zod';

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
  engineMemoryMb: z.int().min(256).default(1024),
  ingestMemoryMb: z.int().min(16).default(128),
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
