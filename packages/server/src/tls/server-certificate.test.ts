import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { makeFolder } from '../testing/make-folder.ts';
import { ensureServerCertificate, namesOfHost, readOwnCertificate } from './server-certificate.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NAMES = ['sentinel.example', '10.1.2.3', 'fd00::1:2', 'localhost'];
const folder = makeFolder();
const now = Date.now();
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the server certificate', () => {
  test('stands for every name and address, is signed by the authority, and serves TLS that a client checks', async () => {
    const made = ensureServerCertificate(folder, NAMES, now);
    const own = new X509Certificate(made.chain);
    const authority = new X509Certificate(readFileSync(join(folder, 'authority.pem')));
    assert.equal(
      own.subjectAltName,
      'DNS:sentinel.example, IP Address:10.1.2.3, IP Address:FD00:0:0:0:0:0:1:2, DNS:localhost',
    );
    assert.deepEqual([own.ca, authority.ca, own.verify(authority.publicKey)], [false, true, true]);
    assert.deepEqual(own.keyUsage, ['1.3.6.1.5.5.7.3.1']);
    assert.equal(made.pin, `sha256:${authority.fingerprint256.replaceAll(':', '').toLowerCase()}`);
    assert.equal(statSync(join(folder, 'authority.key')).mode & 0o777, 0o600);

    const server = createServer({ cert: made.chain, key: made.key }, (socket) => socket.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = (server.address() as { port: number }).port;
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: 'sentinel.example',
      ca: readFileSync(join(folder, 'authority.pem')),
    });
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    server.close();
    assert.equal(chunk.toString(), 'hello');
    assert.equal(socket.authorized, true);
  });

  test('passes the strict checks of OpenSSL', { skip: !existsSync('/usr/bin/openssl') }, () => {
    ensureServerCertificate(folder, NAMES, now);
    const output = execFileSync('openssl', [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-verify_hostname',
      'sentinel.example',
      '-CAfile',
      join(folder, 'authority.pem'),
      join(folder, 'server.pem'),
    ]);
    assert.match(output.toString(), /: OK\n$/);
  });

  test('stays the same at every start, and is made anew for a new name or a month before its end, by the same authority', () => {
    const own = join(folder, 'own');
    const first = ensureServerCertificate(own, NAMES, now);
    assert.deepEqual(ensureServerCertificate(own, NAMES, now), first);
    const other = ensureServerCertificate(own, [...NAMES, 'new.example'], now);
    assert.notEqual(other.chain, first.chain);
    const later = ensureServerCertificate(own, [...NAMES, 'new.example'], now + 368 * DAY_MS);
    assert.notEqual(later.chain, other.chain);
    assert.deepEqual([other.pin, later.pin], [first.pin, first.pin]);
  });

  test('of a company is taken as it is, or refused with the files that do not fit', () => {
    const one = ensureServerCertificate(join(folder, 'one'), NAMES, now);
    ensureServerCertificate(join(folder, 'two'), NAMES, now);
    const file = (name: string) => join(folder, name);
    writeFileSync(file('chain.pem'), one.chain);
    assert.deepEqual(readOwnCertificate({ certFile: file('chain.pem'), keyFile: file('one/server.key') }), one);
    assert.throws(
      () => readOwnCertificate({ certFile: file('chain.pem'), keyFile: file('two/server.key') }),
      /chain\.pem" and the key ".*two\/server\.key" do not work/,
    );
    assert.throws(
      () => readOwnCertificate({ certFile: file('no.pem'), keyFile: file('no.key') }),
      /no\.pem" cannot be read/,
    );
  });

  test('names the address it listens on, its public name, and this computer', () => {
    assert.deepEqual(namesOfHost('10.1.2.3', 'https://sentinel.example:8443'), [
      'sentinel.example',
      '10.1.2.3',
      'localhost',
      '127.0.0.1',
      '::1',
    ]);
  });
});
