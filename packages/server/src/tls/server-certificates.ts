import type { Server } from 'node:https';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ServerConfig } from '../settings.ts';
import {
  ensureServerCertificate,
  namesOfHost,
  readOwnCertificate,
  type ServerCertificate,
} from './server-certificate.ts';

/** The certificate of now, followed as it is renewed. */
export interface ServerCertificates {
  readonly current: ServerCertificate;
  /** Gives a running server every later certificate, without a restart. */
  follow(server: Server): void;
  stop(): void;
}

const LOOK_MS = 6 * 60 * 60 * 1000;
const WARN_MS = 14 * 24 * 60 * 60 * 1000;

/**
 * The server's certificates; undefined where it speaks plain HTTP: to this computer alone, or to a proxy.
 * @throws Error with a sentence for the operator if the company's own certificate cannot be used.
 */
export function serverCertificates(config: ServerConfig, log: Logger): ServerCertificates | undefined {
  if (config.tls === 'off') return undefined;
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined))
    throw new Error('an own certificate needs both: --tls-cert FILE and --tls-key FILE');
  if (config.tls === 'auto' && config.tlsCert === undefined && isLoopback(config.host)) return undefined;
  const load = () =>
    config.tlsCert !== undefined && config.tlsKey !== undefined
      ? readOwnCertificate({ certFile: config.tlsCert, keyFile: config.tlsKey })
      : ensureServerCertificate(
          join(config.data, 'server', 'tls'),
          namesOfHost(config.host, config.publicUrl),
          Date.now(),
        );
  let current = load();
  let timer: NodeJS.Timeout | undefined;
  return {
    get current() {
      return current;
    },
    follow(server) {
      timer = setInterval(() => {
        try {
          const fresh = load();
          if (fresh.chain === current.chain && fresh.key === current.key) {
            if (fresh.expiresAtMs - Date.now() < WARN_MS)
              log.warn({ expiresAt: fresh.expiresAtMs }, 'certificate ends');
            return;
          }
          server.setSecureContext({ key: fresh.key, cert: fresh.chain, minVersion: 'TLSv1.2' });
          current = fresh;
          log.info({ pin: fresh.pin }, 'certificate was renewed');
        } catch (error) {
          log.error({ err: error }, 'certificate cannot be renewed; the one in use stays');
        }
      }, LOOK_MS);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** Whether nobody but this computer can connect. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
