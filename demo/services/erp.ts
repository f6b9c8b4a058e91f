/**
 * The demo's ERP: an HTTP service with a login, and a SQLite file that stands for its database.
 *
 *     node erp.ts DATABASE
 *
 * Listens on a free port of this computer only, says `{ kind: 'ready', url }` on its IPC channel, and ends with it.
 */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { announce, readJson, sendJson } from './service.ts';

// The login that the demo's script carries in its source. It opens nothing but this stand-in.
const USER = 'AP_BATCH';
const PASSWORD = 'Tiger-Invoice-4711!';

const VENDORS = [
  'Northwind Paper',
  'Contoso Logistics',
  'Fabrikam Tools',
  'Tailspin Travel',
  'Litware IT',
  'Proseware Print',
];

const database = resolve(process.argv[2] ?? 'erp.sqlite');
const token = randomUUID();

createDatabase();

const server = createServer((request, response) => {
  void answer(request)
    .then(([status, body]) => sendJson(response, status, body))
    .catch(() => sendJson(response, 400, { error: 'The request is not JSON.' }));
});
announce(server);

async function answer(request: IncomingMessage): Promise<[status: number, body: unknown]> {
  const route = `${request.method} ${request.url}`;
  if (route === 'POST /api/session') {
    const login = await readJson(request);
    if (login['user'] !== USER || login['password'] !== PASSWORD) return [401, { error: 'Wrong user or password.' }];
    return [200, { token, database }];
  }
  if (request.headers.authorization !== `Bearer ${token}`) return [401, { error: 'Log in first.' }];
  if (route === 'GET /api/vendors') return [200, readVendors()];
  if (route === 'POST /api/workflow/release') {
    const body = await readJson(request);
    return [202, { released: body['invoices'] ?? 0 }];
  }
  return [404, { error: 'Unknown.' }];
}

/** Starts with an empty ledger on every play, so that every play enters the same invoices. */
function createDatabase(): void {
  for (const ending of ['', '-journal', '-wal', '-shm']) rmSync(database + ending, { force: true });
  using db = new DatabaseSync(database);
  db.exec(`
    CREATE TABLE vendors (number TEXT PRIMARY KEY, name TEXT, iban TEXT, bic TEXT);
    CREATE TABLE invoices (
      number TEXT PRIMARY KEY, vendor TEXT REFERENCES vendors, invoice_date TEXT, amount REAL, currency TEXT, entered_by TEXT
    );
  `);
  const insert = db.prepare('INSERT INTO vendors (number, name) VALUES (?, ?)');
  VENDORS.forEach((name, index) => insert.run(`V${String(index + 1).padStart(4, '0')}`, name));
}

function readVendors(): unknown[] {
  using db = new DatabaseSync(database, { readOnly: true });
  return db.prepare('SELECT number, name FROM vendors ORDER BY number').all();
}
