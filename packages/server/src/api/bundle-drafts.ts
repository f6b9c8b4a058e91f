import { draftBundle } from '../policy/bundle-draft.ts';
import type { Services } from '../services.ts';
import type { Handlers } from './handler.ts';

/** What operators would sign now. */
export function bundleDrafts({ control }: Services): Handlers<'getBundleDraft'> {
  return { getBundleDraft: ({ query }) => draftBundle(control, query, Date.now()) };
}
