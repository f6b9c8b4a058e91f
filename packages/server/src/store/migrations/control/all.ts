import type { Migration } from 'kysely/migration';
import { up as initial } from './0001-initial.ts';
import { up as inventory } from './0002-inventory.ts';
import { up as coverage } from './0003-coverage.ts';
import { up as access } from './0004-access.ts';
import { up as policies } from './0005-policies.ts';
import { up as findings } from './0006-findings.ts';
import { up as vault } from './0007-vault.ts';
import { up as channel } from './0008-channel.ts';
import { up as retention } from './0009-retention.ts';
import { up as samples } from './0010-samples.ts';
import { up as actionRequests } from './0011-action-requests.ts';
import { up as foundCopies } from './0012-found-copies.ts';

/** Every migration of the control store, by name; forward only. A test holds this list equal to the folder. */
export const controlMigrations: Readonly<Record<string, Migration>> = {
  '0001-initial': { up: initial },
  '0002-inventory': { up: inventory },
  '0003-coverage': { up: coverage },
  '0004-access': { up: access },
  '0005-policies': { up: policies },
  '0006-findings': { up: findings },
  '0007-vault': { up: vault },
  '0008-channel': { up: channel },
  '0009-retention': { up: retention },
  '0010-samples': { up: samples },
  '0011-action-requests': { up: actionRequests },
  '0012-found-copies': { up: foundCopies },
};
