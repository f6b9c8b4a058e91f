import type { Client } from '@sentinel/client';
import type { Role } from '@sentinel/protocol';
import { startSession } from '../store/session.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import { type TestServer, withCookie } from './test-server.ts';

/** A person of a test, signed in. */
export interface TestPerson {
  readonly accountId: string;
  readonly userName: string;
  readonly client: Client;
}

/** Makes an account with a role and signs it in. */
export async function signInAs(
  { server, url }: TestServer,
  userName: string,
  role: Role,
  more: { readonly osUsers?: readonly string[]; readonly departments?: readonly string[] } = {},
): Promise<TestPerson> {
  const { control } = server.services;
  const id = newUuidV7();
  await control
    .insertInto('account')
    .values({
      id,
      user_name: userName,
      role,
      os_users: JSON.stringify(more.osUsers ?? []),
      departments: JSON.stringify(more.departments ?? []),
      password_hash: null,
      created_at: Date.now(),
    })
    .execute();
  const { token } = await startSession(control, id, Date.now());
  return { accountId: id, userName, client: withCookie(url, `sentinel_session=${token}`) };
}
