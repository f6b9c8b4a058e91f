import { statements as initial } from './0001-initial.ts';
import { statements as dictionaries } from './0002-dictionaries.ts';
import { statements as rollups } from './0003-rollups.ts';
import { statements as compact } from './0004-compact.ts';

/** Every migration of the event store, in order; forward only. A test holds this list equal to the folder. */
export const eventMigrations: readonly { readonly name: string; readonly statements: readonly string[] }[] = [
  { name: '0001-initial', statements: initial },
  { name: '0002-dictionaries', statements: dictionaries },
  { name: '0003-rollups', statements: rollups },
  { name: '0004-compact', statements: compact },
];
