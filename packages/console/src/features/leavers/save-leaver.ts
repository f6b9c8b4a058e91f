import { client } from '../../api/client.ts';

/** Says that somebody left. */
export function saveLeaver({ userName, accounts, day }: { userName: string; accounts: string; day: string }) {
  const names = accounts.split(/[ ,;]+/).filter((name) => name !== '');
  return client.savePerson({
    params: { userName },
    body: { leftAt: `${day}T00:00:00.000Z`, ...(names.length === 0 ? {} : { accounts: names }) },
  });
}
