import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mountsToLeaveOut, networkMounts, parseMountInfo } from './mounts.ts';

const TABLE = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:21 / /proc rw,nosuid - proc proc rw
24 22 0:40 / /mnt/group\\040share rw - cifs //srv/share rw
25 22 8:1 /home /mnt/same rw - ext4 /dev/sda1 rw
26 22 8:1 /home /mnt/again rw - ext4 /dev/sda1 rw
27 22 8:2 / /home rw - ext4 /dev/sda2 rw
28 22 0:50 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw
broken line`;

test('pseudo file systems, shares, second mounts of the same content and containers are left out', () => {
  const mounts = parseMountInfo(TABLE);
  assert.deepEqual(
    [...mountsToLeaveOut(mounts, false)],
    [
      ['/proc', 'pseudo'],
      ['/mnt/group share', 'network'],
      ['/mnt/again', 'same-device'],
      ['/var/lib/docker/overlay2/x/merged', 'container'],
    ],
  );
  assert.equal(mountsToLeaveOut(mounts, true).has('/mnt/group share'), false);
  assert.equal(mountsToLeaveOut(mounts, false, ['/mnt/group share']).has('/mnt/group share'), false);
  assert.deepEqual(networkMounts(mounts), ['/mnt/group share']);
});
