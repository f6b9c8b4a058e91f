import type { ConsoleServer } from './console-server.ts';
import { type SampleActivity, type SampleRun, sendRuns } from './sample-runs.ts';

const MINUTE = 60_000;

/** What the sample fleet is made of, for tests that look for it. */
export interface SampleFleet {
  /** The richest run: every lane has something. */
  readonly exportRunId: string;
  /** A run that goes on, of the same machine. */
  readonly runningRunId: string;
  readonly hostNames: readonly string[];
  /** Adds a run that starts now; gives its id. */
  startRun(script: string): Promise<string>;
}

/** Enrols three machines and sends a day of their runs, as agents would. */
export async function sendSampleFleet(server: ConsoleServer): Promise<SampleFleet> {
  const now = Date.now();
  const finance = await server.enrol('fin-laptop-07');
  const clinic = await server.enrol('clinic-ws-02');
  const market = await server.enrol('mkt-desktop-11');
  for (const { client } of [finance, clinic]) {
    await client.sendHeartbeat({
      body: {
        endpoint: {
          hostName: client === finance.client ? 'fin-laptop-07' : 'clinic-ws-02',
          osType: 'linux',
          osVersion: '6.1.0',
          architecture: 'x64',
          agentVersion: '0.1.0',
        },
        counters: {
          runsSeen: 31,
          runsOpen: 1,
          recordsMalformed: 0,
          activitiesDropped: 4,
          batchesSpooled: 12,
          batchesShipped: 11,
          batchesQuarantined: 0,
          spoolBatches: 1,
          spoolBytes: 5120,
        },
        sentAt: new Date().toISOString(),
      },
    });
  }

  const ago = (minutes: number) => new Date(now - minutes * MINUTE);
  const onFinance = (script: string, minutes: number, more: Partial<SampleRun> = {}): SampleRun => ({
    script,
    hostName: 'fin-laptop-07',
    userName: 'a.meyer',
    startedAt: ago(minutes),
    durationMs: 4200,
    exit: { exitRoute: 'finished', exitCode: 0 },
    activities: ordinary(),
    ...more,
  });
  const onClinic = (script: string, minutes: number, more: Partial<SampleRun> = {}): SampleRun => ({
    script,
    hostName: 'clinic-ws-02',
    userName: 'j.okafor',
    startedAt: ago(minutes),
    durationMs: 61_000,
    activities: ordinary(),
    ...more,
  });

  const financeRuns = [
    onFinance('sap_gl_extract.py', 7, { durationMs: 185_000, activities: extraction(), dropped: 3 }),
    ...Array.from({ length: 18 }, (_, index) =>
      onFinance('parcel_tracking.py', 40 + index * 71, { durationMs: 900 + index * 130 }),
    ),
    ...Array.from({ length: 6 }, (_, index) =>
      onFinance('invoice_entry.py', 25 + index * 190, {
        durationMs: 12_000,
        activities: database(),
        ...(index % 3 === 1 ? { exit: { exitRoute: 'exception', exitCode: 1 } } : {}),
      }),
    ),
  ];
  const financeIds = await sendRuns(finance.client, financeRuns);
  await sendRuns(finance.client, [
    onFinance('chart_helper.py', 6.5, { parentRunId: financeIds[0] ?? '', durationMs: 2400 }),
  ]);
  const clinicRuns = [
    onClinic('patient_export_cleaning.py', 95, { durationMs: 1_930_000, activities: [...database(), ...extraction()] }),
    onClinic('patient_export_cleaning.py', 1500, { durationMs: 1_730_000, activities: database() }),
    ...Array.from({ length: 4 }, (_, index) => onClinic('tidy_spreadsheet.py', 33 + index * 260)),
    onClinic('reconcile.py', 140, { exit: { exitRoute: 'signal', exitSignal: 'SIGKILL' } }),
    onClinic('reconcile.py', 420, { exit: { exitRoute: 'vanished' } }),
  ];
  await sendRuns(clinic.client, clinicRuns);
  await sendRuns(market.client, [
    {
      script: 'summarise_complaints.py',
      hostName: 'mkt-desktop-11',
      userName: 'l.rossi',
      startedAt: ago(12),
      durationMs: 8800,
      exit: { exitRoute: 'finished', exitCode: 0 },
      activities: extraction(),
    },
  ]);
  const { durationMs: _, exit: __, ...going } = onFinance('sap_gl_extract.py', 1.5, { activities: ordinary() });
  const [runningRunId = ''] = await sendRuns(finance.client, [going]);

  return {
    exportRunId: financeIds[0] ?? '',
    runningRunId,
    hostNames: ['fin-laptop-07', 'clinic-ws-02', 'mkt-desktop-11'],
    async startRun(script) {
      const { durationMs: _, exit: __, ...started } = onFinance(script, 0, { activities: [] });
      return (await sendRuns(finance.client, [started]))[0] ?? '';
    },
  };
}

function library(name: string, version: string, atMs: number): SampleActivity {
  return {
    type: 'module.import',
    atMs,
    attributes: {
      'sentinel.module.name': name,
      'sentinel.module.kind': 'distribution',
      'sentinel.distribution.name': name,
      'sentinel.distribution.version': version,
      'sentinel.module.path': `/home/a.meyer/.venvs/reports/lib/python3.12/site-packages/${name}/__init__.py`,
    },
  };
}

function ordinary(): SampleActivity[] {
  return [
    ...['json', 'csv', 're', 'datetime', 'pathlib', 'os', 'subprocess', 'ssl'].map(
      (name, index): SampleActivity => ({
        type: 'module.import',
        atMs: 12 + index * 6,
        attributes: { 'sentinel.module.name': name, 'sentinel.module.kind': 'stdlib' },
      }),
    ),
    library('requests', '2.32.3', 90),
    {
      type: 'file.open',
      atMs: 300,
      count: 2,
      bytesIn: 18_400,
      attributes: {
        'file.path': '/home/a.meyer/orders/orders.csv',
        'sentinel.file.operation': 'read',
        'file.size': 18_400,
      },
    },
    {
      type: 'net.connect',
      atMs: 420,
      forMs: 300,
      bytesOut: 2100,
      bytesIn: 40_200,
      attributes: {
        'server.address': 'api.parcel.example',
        'server.port': 443,
        'network.transport': 'tcp',
        'network.peer.address': '203.0.113.9',
      },
    },
    {
      type: 'http.request',
      atMs: 430,
      forMs: 280,
      count: 14,
      bytesOut: 2100,
      bytesIn: 40_200,
      attributes: {
        'server.address': 'api.parcel.example',
        'server.port': 443,
        'http.request.method': 'GET',
        'url.scheme': 'https',
        'url.template': '/v2/parcels/{id}',
        'http.response.status_code': 200,
      },
    },
  ];
}

function database(): SampleActivity[] {
  return [
    ...ordinary(),
    library('oracledb', '2.4.1', 150),
    {
      type: 'db.connect',
      atMs: 600,
      attributes: {
        'db.system.name': 'oracle.db',
        'db.namespace': 'ERPPRD',
        'server.address': 'ora-prd.corp.example',
        'server.port': 1521,
      },
    },
    {
      type: 'db.query',
      atMs: 700,
      forMs: 2400,
      count: 41,
      rows: 15_000,
      bytesIn: 4_100_000,
      attributes: {
        'db.system.name': 'oracle.db',
        'db.namespace': 'ERPPRD',
        'db.operation.name': 'SELECT',
        'db.collection.name': 'GL_LINES',
        'db.query.summary': 'SELECT * FROM GL_LINES WHERE PERIOD = ?',
      },
    },
    {
      type: 'db.query',
      atMs: 3200,
      forMs: 300,
      count: 3,
      rows: 12,
      errors: 1,
      attributes: {
        'db.system.name': 'oracle.db',
        'db.namespace': 'ERPPRD',
        'db.operation.name': 'INSERT',
        'db.collection.name': 'AP_INVOICES',
        'db.query.summary': 'INSERT INTO AP_INVOICES VALUES (?, ?, ?)',
      },
    },
  ];
}

function extraction(): SampleActivity[] {
  return [
    ...database(),
    ...[
      ['pandas', '2.2.2'],
      ['numpy', '2.0.1'],
      ['openpyxl', '3.1.5'],
      ['pytz', '2024.1'],
      ['six', '1.16.0'],
      ['et_xmlfile', '1.1.0'],
    ].map(([name = '', version = ''], index) => library(name, version, 180 + index * 260)),
    {
      type: 'file.open',
      atMs: 40_000,
      forMs: 90_000,
      bytesOut: 7_340_000,
      attributes: {
        'file.path': '/home/a.meyer/OneDrive - Personal/gl_2026_q3.xlsx',
        'sentinel.file.operation': 'write',
        'file.size': 7_340_000,
      },
    },
    {
      type: 'file.open',
      atMs: 32_000,
      forMs: 110_000,
      count: 212,
      bytesIn: 91_000_000,
      attributes: {
        'file.path': '/srv/share/finance/gl/2026/period_09/lines_part_0001.csv',
        'sentinel.file.operation': 'read',
        'file.size': 440_000,
      },
    },
    {
      type: 'file.change',
      atMs: 171_000,
      attributes: {
        'file.path': '/tmp/gl_2026_q3.tmp',
        'sentinel.file.operation': 'rename',
        'sentinel.file.path.target': '/home/a.meyer/OneDrive - Personal/gl_2026_q3.xlsx',
      },
    },
    {
      type: 'process.spawn',
      atMs: 31_000,
      forMs: 400,
      attributes: {
        'process.executable.name': 'libreoffice',
        'process.executable.path': '/usr/bin/libreoffice',
        'sentinel.process.launcher': 'subprocess.Popen',
        'process.args_count': 5,
        'sentinel.process.argument_shape': 'flag flag path path',
        'sentinel.process.shell': false,
      },
    },
    {
      type: 'http.request',
      atMs: 140_000,
      forMs: 22_000,
      count: 3,
      bytesOut: 7_420_000,
      bytesIn: 8200,
      attributes: {
        'server.address': 'api.llm-provider.example',
        'server.port': 443,
        'http.request.method': 'POST',
        'url.scheme': 'https',
        'url.template': '/v1/chat/completions',
        'http.response.status_code': 200,
      },
    },
    {
      type: 'http.request',
      atMs: 168_000,
      forMs: 3_000,
      count: 2,
      bytesOut: 900,
      errors: 2,
      attributes: {
        'server.address': 'hooks.example',
        'server.port': 443,
        'http.request.method': 'POST',
        'url.scheme': 'https',
        'url.template': '/services/{id}',
        'error.type': 'ConnectionResetError',
      },
    },
    {
      type: 'net.listen',
      atMs: 30_500,
      attributes: { 'network.local.address': '127.0.0.1', 'network.local.port': 8791, 'network.transport': 'tcp' },
    },
  ];
}
