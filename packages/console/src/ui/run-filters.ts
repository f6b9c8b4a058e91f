import type { ExitRoute } from '@sentinel/protocol';

/** Ways a run can end, in words for the filter. */
export const exitRouteOptions: readonly { readonly value: ExitRoute; readonly text: string }[] = [
  { value: 'finished', text: 'Ran to its end' },
  { value: 'exception', text: 'Exception' },
  { value: 'signal', text: 'Signal' },
  { value: 'vanished', text: 'Vanished' },
  { value: 'os._exit', text: 'Left through os._exit' },
  { value: 'exec', text: 'Replaced by another program' },
];
