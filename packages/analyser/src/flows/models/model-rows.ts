import type { CallModel } from '../../semantics/call-model.ts';

/** Patterns of resolved names, and what such a call does. `name.@` is an attribute that is read, `name.[]` iteration. */
export type ModelRows = readonly (readonly [pattern: string, model: CallModel])[];
