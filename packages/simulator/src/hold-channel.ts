import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { RequestSigner } from '@sentinel/client';
import { operations, SEQUENCE_HEADER } from '@sentinel/protocol';

/** A channel that is to be kept open. */
export interface HeldChannel {
  readonly baseUrl: string;
  readonly signer: RequestSigner;
  readonly onOpen: () => void;
  readonly onEvent: () => void;
  /** It ended, or never opened. */
  readonly onEnd: (wasOpen: boolean) => void;
}

/** Opens the channel of one endpoint, on a connection of its own, and counts what comes. @returns what ends it. */
export function holdChannel({ baseUrl, signer, onOpen, onEvent, onEnd }: HeldChannel): () => void {
  const { path, method } = operations.openChannel;
  const url = new URL(`${baseUrl}/api/v1${path}`);
  let close = () => {};
  let isOpen = false;
  let isClosed = false;
  const end = () => {
    if (isClosed) return;
    isClosed = true;
    onEnd(isOpen);
  };
  const open = (signed: Record<string, string>) => {
    if (isClosed) return;
    const outgoing = (url.protocol === 'https:' ? secureRequest : request)(
      url,
      { method, agent: false, headers: { ...signed, accept: 'text/event-stream' } },
      (incoming) => {
        if (incoming.statusCode !== 200) {
          const next = Number(incoming.headers[SEQUENCE_HEADER]);
          if (Number.isSafeInteger(next)) signer.advance(next);
          incoming.resume();
          end();
          return;
        }
        isOpen = true;
        onOpen();
        incoming.on('data', (part: Buffer) => {
          if (part.includes('data:')) onEvent();
        });
        incoming.on('error', end);
        incoming.on('close', end);
      },
    );
    outgoing.on('error', end);
    outgoing.end();
    close = () => outgoing.destroy();
  };
  void signer.headers({ method, url: url.href, body: new Uint8Array() }).then(open, end);
  return () => {
    isClosed = true;
    close();
  };
}
