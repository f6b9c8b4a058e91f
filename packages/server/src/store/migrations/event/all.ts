import { statements as initial } from './0001-initial.ts';
import { statements as dictionaries } from './0002-dictionaries.ts';

/** Every migration of the event store, in order; forward only. A test holds this list equal to the folder. */
export const eventMigrations: readonly { readonly name: string; readonly statements: readonly string[] }[] = [
  { name: '0001-initial', statements: initial },
  { name: '0002-dictionaries', statements: dictionaries },
];
