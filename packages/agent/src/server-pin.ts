import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { connect, type DetailedPeerCertificate, setDefaultCACertificates, type TLSSocket } from 'node:tls';
import { writeDurably } from './write-durably.ts';

/** Longest wait for a handshake. */
const HANDSHAKE_MS = 10_000;
const PIN = /^sha256:[0-9a-f]{64}$/;

/**
 * The pin that is given, kept for later starts, or the one that was kept.
 * @throws Error with a sentence for the operator when it is none.
 */
export async function openPin(path: string, given: string | undefined, url: string): Promise<string | undefined> {
  const pin = given?.toLowerCase() ?? readPin(path);
  if (pin === undefined) return undefined;
  if (!PIN.test(pin)) throw new Error('--server-pin is written sha256: and 64 hexadecimal digits');
  if (!url.startsWith('https:')) throw new Error('--server-pin needs a server with https');
  if (given !== undefined) await writeDurably(path, `${pin}\n`, 0o600);
  return pin;
}

/**
 * Makes the pinned authority the only one that this process believes, for every connection from now on. The server shows it in its
 * handshake; what else the server or somebody on the way shows counts for nothing.
 * @throws Error with a sentence where the server does not show it.
 */
export async function trustPinned(url: string, pin: string): Promise<void> {
  const chain = await shownChain(new URL(url));
  const pinned = chain.find(
    ({ fingerprint256 }) => `sha256:${fingerprint256.replaceAll(':', '').toLowerCase()}` === pin,
  );
  if (pinned === undefined)
    throw new Error('the server does not show the pinned certificate: somebody may stand between');
  const certificate = new X509Certificate(pinned.raw);
  // One in the middle of a chain is no end to check against.
  if (!certificate.verify(certificate.publicKey))
    throw new Error('the pinned certificate did not sign itself: pin the authority at the end of the chain');
  setDefaultCACertificates([certificate.toString()]);
}

/** Certificates that a server shows, whether or not anybody believes them. */
function shownChain({ hostname, port }: URL): Promise<DetailedPeerCertificate[]> {
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect(
      {
        host,
        port: port === '' ? 443 : Number(port),
        // Nothing is sent on this connection: it is only looked at.
        rejectUnauthorized: false,
        ...(isIP(host) === 0 ? { servername: host } : {}),
      },
      () => {
        const chain: DetailedPeerCertificate[] = [];
        let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
        while (next?.raw !== undefined && !chain.includes(next)) {
          chain.push(next);
          next = next.issuerCertificate;
        }
        socket.destroy();
        resolve(chain);
      },
    );
    socket.setTimeout(HANDSHAKE_MS, () => socket.destroy(new Error('the server does not answer')));
    socket.on('error', reject);
  });
}

function readPin(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
