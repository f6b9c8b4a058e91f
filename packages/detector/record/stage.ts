import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Names that lead to this computer inside the recording. */
const HOSTS = [
  'intranet.corp',
  'mail.corp',
  'track.parcel.example',
  'content.dropboxapi.com',
  'api.telegram.org',
  'collector.example.net',
  'scripts.example.net',
  'api.openai.com',
];
/** Folder in which the scripts are run. */
export const WORK = '/home/ada/scripts';

/**
 * Builds the computer that recordings come from, inside namespaces of its own: nothing of it is seen outside, and names
 * of hosts lead to servers in here.
 */
export function buildStage(folder: string): void {
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'inherit' });
  run('ip', 'link', 'set', 'lo', 'up');
  for (const place of ['/home', '/mnt']) run('mount', '-t', 'tmpfs', 'none', place);
  const hosts = join(folder, 'hosts');
  writeFileSync(hosts, `127.0.0.1 localhost endpoint-1 endpoint-2 ${HOSTS.join(' ')}\n`);
  run('mount', '--bind', hosts, '/etc/hosts');
  mkdirSync(WORK, { recursive: true });
  cpSync(join(import.meta.dirname, 'scripts'), WORK, { recursive: true });
  mkdirSync('/mnt/share/hr', { recursive: true });
  const people = Array.from({ length: 300 }, (_, at) => `${at},Person ${at},DE00,${2000 + at}`);
  writeFileSync('/mnt/share/hr/pay.csv', `id,name,iban,pay\n${people.join('\n')}\n`);
  for (const name of ['OneDrive - Personal', 'OneDrive - Contoso']) mkdirSync(join(WORK, name));
  writeFileSync(join(WORK, 'parcels.csv'), `number\n${[1, 2, 3].join('\n')}\n`);
  writeFileSync(join(WORK, 'sales.csv'), 'month,amount\njan,10\nfeb,14\n');
  makeDatabases();
  mkdirSync('/home/ada/.config/google-chrome/Default', { recursive: true });
  writeFileSync('/home/ada/.config/google-chrome/Default/Login Data', 'nothing in it');
  mkdirSync('/home/ada/.ssh');
  writeFileSync('/home/ada/.ssh/id_ed25519.pub', 'ssh-ed25519 x');
  serve();
}

function makeDatabases(): void {
  for (const name of ['crm.sqlite', 'crm old.sqlite']) {
    using crm = new DatabaseSync(join(WORK, name));
    crm.exec(`CREATE TABLE customers (name TEXT, email TEXT);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
      INSERT INTO customers SELECT 'Customer ' || i, 'c' || i || '@example.com' FROM n`);
  }
  using erp = new DatabaseSync(join(WORK, 'erp.sqlite'));
  erp.exec(`CREATE TABLE invoices (amount REAL, status TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
    INSERT INTO invoices SELECT i, 'open' FROM n`);
}

function serve(): void {
  createServer((request, response) => {
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
    });
    request.on('end', () => {
      const url = request.url ?? '';
      if (url.startsWith('/v1/')) {
        const usage = {
          prompt_tokens: Math.ceil(size / 4),
          completion_tokens: 5,
          total_tokens: Math.ceil(size / 4) + 5,
        };
        const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'done' } }];
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ id: 'x', object: 'chat.completion', model: 'gpt-test', choices, usage }));
      } else if (url === '/code.py') response.end(`print("fetched")\n${'# filler\n'.repeat(20)}`);
      else if (url === '/tool.sh') response.end(`#!/bin/sh\necho fetched\n${'# filler\n'.repeat(20)}`);
      else response.end(JSON.stringify({ state: 'on its way', filler: 'x'.repeat(100) }));
    });
  }).listen(8080, '127.0.0.1');
  createTcpServer((socket) => {
    let isBody = false;
    socket.on('error', () => undefined);
    socket.write('220 mail.corp\r\n');
    let rest = '';
    socket.on('data', (chunk) => {
      rest += chunk.toString();
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (isBody) {
          if (line !== '.') continue;
          isBody = false;
          socket.write('250 kept\r\n');
        } else if (/^data/i.test(line)) {
          isBody = true;
          socket.write('354 go on\r\n');
        } else if (/^quit/i.test(line)) socket.end('221 bye\r\n');
        else socket.write('250 mail.corp\r\n');
      }
    });
  }).listen(2525, '127.0.0.1');
}

/** Starts a screen without a monitor. */
export function startScreen(): { readonly display: string; readonly stop: () => void } {
  const child = spawn('Xvfb', [':77', '-screen', '0', '640x480x24', '-nolisten', 'tcp'], { stdio: 'ignore' });
  return { display: ':77', stop: () => void child.kill() };
}
