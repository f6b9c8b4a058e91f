import type { Migration } from 'kysely/migration';
import { up as initial } from './0001-initial.ts';
import { up as inventory } from './0002-inventory.ts';
import { up as coverage } from './0003-coverage.ts';
import { up as access } from './0004-access.ts';

/** Every migration of the control store, by name; forward only. A test holds this list equal to the folder. */
export const controlMigrations: Readonly<Record<string, Migration>> = {
  '0001-initial': { up: initial },
  '0002-inventory': { up: inventory },
  '0003-coverage': { up: coverage },
  '0004-access': { up: access },
};
