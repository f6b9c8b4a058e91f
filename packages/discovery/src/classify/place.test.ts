import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf } from './place.ts';

const MACHINE = {
  platform: 'linux',
  systemRoot: '/',
  users: {},
  homes: [{ path: '/home/ana', user: 'ana' }],
  userFolders: [],
  networkMounts: [],
  leftOut: new Map(),
} as const;

test('a sync folder is known by the name that its client gives it', () => {
  assert.deepEqual(placeOf('/home/ana/Dropbox/reports', MACHINE), {
    class: 'sync-folder',
    label: 'Dropbox',
    isPersonalCloud: true,
  });
});

test('a repository inside a sync folder is synchronised with it', () => {
  const repository = { root: '/home/ana/Dropbox/reports', hasRemote: true };
  assert.equal(placeOf('/home/ana/Dropbox/reports/src', MACHINE, repository).class, 'sync-folder');
});

test('a module that is named after a cloud service is no sync folder', () => {
  const repository = { root: '/home/ana/tool', hasRemote: true };
  assert.deepEqual(
    [
      placeOf('/home/ana/tool/sensors/dropbox', MACHINE, repository).class,
      placeOf('/home/ana/tool/Dropbox', MACHINE, repository).class,
      placeOf('/opt/tool/sensors/dropbox', MACHINE).class,
    ],
    ['repository', 'repository', 'other'],
  );
});
