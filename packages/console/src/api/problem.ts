import { SentinelError } from '@sentinel/protocol';

/** What went wrong, in words for people. */
export interface ShownProblem {
  readonly title: string;
  readonly detail: string;
  readonly hint: string;
}

/** Words for any error that a request can end with. */
export function problemOf(error: unknown): ShownProblem {
  if (!(error instanceof SentinelError)) {
    return {
      title: 'This part of the console failed',
      detail: error instanceof Error ? error.message.slice(0, 300) : 'The reason is not known.',
      hint: 'Try again, or reload the page.',
    };
  }
  if (error.code === 'store-unavailable' && error.cause !== undefined) {
    return {
      title: 'The server cannot be reached',
      detail: 'No answer came.',
      hint: 'Check that the server runs and that this computer reaches it, then try again.',
    };
  }
  return error.toProblem();
}

/** Whether the error says that nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof SentinelError && error.code === 'not-signed-in';
}

/** Whether the same request may succeed a moment later. */
export function isPassing(error: unknown): boolean {
  return error instanceof SentinelError && error.toProblem().retry;
}
