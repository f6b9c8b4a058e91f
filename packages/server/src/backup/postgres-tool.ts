import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/**
 * Runs a program of PostgreSQL's client package on a database. The password goes by the environment: a
 * command line can be read by everybody on the computer.
 * @throws Error with what the program said.
 */
export async function runPostgresTool(
  program: 'pg_dump' | 'pg_restore',
  url: string,
  args: readonly string[],
): Promise<void> {
  const place = new URL(url);
  const password = decodeURIComponent(place.password);
  place.password = '';
  const child = spawn(program, [...args, '--no-password', '--dbname', place.href], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...(password !== '' && { PGPASSWORD: password }) },
  });
  const failed = once(child, 'error').then(([error]) => {
    throw new Error(
      `"${program}" cannot be started (${(error as NodeJS.ErrnoException).code}): install PostgreSQL's client programs, of the server's version or newer`,
    );
  });
  const [said] = await Promise.race([Promise.all([text(child.stderr), once(child, 'exit')]), failed]);
  const code = child.exitCode;
  if (code !== 0) throw new Error(`"${program}" failed: ${said.trim().split('\n').at(-1) ?? code}`);
}
