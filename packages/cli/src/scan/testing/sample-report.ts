import type { Analysis, Risk, ScanReport } from '@sentinel/protocol';

const MODIFIED = '2026-10-02T08:15:00.000Z';

/** Analysis that found nothing. */
export function emptyAnalysis(path: string, sha256: string): Analysis {
  return {
    path,
    sha256,
    language: 'python3',
    parse: 'clean',
    imports: [],
    capabilities: [],
    flows: [],
    hosts: [],
    secrets: [],
    weaknesses: [],
    packages: [],
    verdicts: [],
    unresolved: { calls: 0, reasons: [] },
    failures: [],
  };
}

/** A report of an invented finance computer, with findings of every kind and names that would break careless markup. */
export function sampleReport(): ScanReport {
  const places = [
    [
      '/home/ana.souza/OneDrive/sap_gl_extract.py',
      { class: 'sync-folder', label: 'OneDrive (personal)', isPersonalCloud: true },
    ],
    ['/home/ana.souza/Documents/invoice_entry.py', { class: 'documents' }],
    ['/home/b.keller/Desktop/clean_patients.py', { class: 'desktop' }],
    ['/home/b.keller/projects/complaints/summarise.py', { class: 'repository', label: 'complaints', hasRemote: true }],
    ['/srv/share/finance/reconcile.py', { class: 'share' }],
    ['/home/c.lee/Downloads/parcel_tracking.py', { class: 'downloads' }],
    ['/home/c.lee/Downloads/<img src=x onerror=alert(1)>.py', { class: 'downloads' }],
  ] as const;
  const owners = [
    { uid: 1001, name: 'ana.souza' },
    { uid: 1001, name: 'ana.souza' },
    { uid: 1002, name: 'b.keller' },
    { uid: 1002, name: 'b.keller' },
    { uid: 1044 },
    { uid: 1003, name: 'c.lee' },
    { uid: 1003, name: 'c.lee' },
  ];
  const scripts = places.map(([path, place], index) => ({
    path,
    sizeBytes: 2400 + index * 131,
    sha256: String(index).repeat(64),
    lines: 80 + index * 17,
    owner: owners[index] ?? {},
    place: { ...place },
    createdAt: '2025-03-01T08:00:00.000Z',
    modifiedAt: MODIFIED,
    ground: 'extension' as const,
    role: 'script' as const,
  }));
  const many = Array.from({ length: 240 }, (_, index) => ({
    path: `/home/c.lee/projects/tools/module_${index}.py`,
    sizeBytes: 900,
    sha256: index.toString(16).padStart(64, 'a'),
    lines: 30 + (index % 50),
    owner: { uid: 1003, name: 'c.lee' },
    place: { class: 'repository' as const, label: 'tools', hasRemote: false },
    modifiedAt: MODIFIED,
    ground: 'extension' as const,
    role: 'module' as const,
  }));
  const at = (line: number) => ({ line, endLine: line });
  const analysis = (index: number, more: Partial<Analysis>): Analysis => ({
    ...emptyAnalysis(scripts[index]?.path ?? '', String(index).repeat(64)),
    ...more,
  });
  const risk = (score: number, band: Risk['band'], shares: Risk['shares']): Risk => ({
    score,
    band,
    shares,
    method: 'sentinel-risk 1',
  });
  return {
    kind: 'sentinel-scan',
    reportVersion: 1,
    product: 'Sentinel 0.1.0',
    host: { name: 'fin-ws-07', os: 'Debian GNU/Linux 12 (bookworm)', osVersion: '6.1.0', account: 'root' },
    startedAt: '2026-11-20T08:30:00.000Z',
    durationMs: 8421,
    roots: ['/'],
    coverage: {
      folders: 48_211,
      entries: 512_904,
      reusedFolders: 0,
      librarySources: 85_898,
      prunedFolders: 4102,
      placeholders: 3,
      leftOut: [{ path: '/mnt/group-share', reason: 'network' }],
      leftOutCount: 1,
      isComplete: true,
      notes: [],
    },
    inventory: {
      interpreters: [
        {
          path: '/usr/bin/python3.11',
          aliases: ['/usr/bin/python3'],
          kind: 'system',
          implementation: 'cpython',
          version: '3.11.2',
          proof: '/usr/lib/python3.11/os.py',
          owner: { uid: 0, name: 'root' },
        },
        {
          path: '/home/ana.souza/.pyenv/versions/3.8.18/bin/python3.8',
          aliases: [],
          kind: 'pyenv',
          implementation: 'cpython',
          version: '3.8.18',
          proof: '/home/ana.souza/.pyenv/versions/3.8.18/lib/python3.8/os.py',
          owner: { uid: 1001, name: 'ana.souza' },
        },
      ],
      environments: [
        {
          prefix: '/home/b.keller/projects/complaints/.venv',
          kind: 'venv',
          version: '3.11.2',
          project: '/home/b.keller/projects/complaints',
          proof: '/home/b.keller/projects/complaints/.venv/pyvenv.cfg',
          owner: { uid: 1002, name: 'b.keller' },
        },
        {
          prefix: '/home/ana.souza/old-env',
          kind: 'virtualenv',
          version: '3.7.3',
          proof: '/home/ana.souza/old-env/pyvenv.cfg',
          problem: 'bin/python leads to /opt/python3.7/bin/python3.7, which does not exist',
          owner: { uid: 1001, name: 'ana.souza' },
        },
      ],
      packages: [
        {
          distribution: 'requests',
          version: '2.19.0',
          site: '/home/b.keller/projects/complaints/.venv/lib/python3.11/site-packages',
          installer: 'pip',
        },
        {
          distribution: 'openai',
          version: '2.1.0',
          site: '/home/b.keller/projects/complaints/.venv/lib/python3.11/site-packages',
          installer: 'uv',
        },
        {
          distribution: 'inhouse-tools',
          version: '0.3',
          site: '/home/b.keller/projects/complaints/.venv/lib/python3.11/site-packages',
          installer: 'pip',
          origin: 'https://git.example/inhouse-tools',
        },
      ],
      scripts: [...scripts, ...many],
      notebooks: [
        {
          path: '/home/b.keller/Documents/dose study.ipynb',
          sizeBytes: 91_000,
          sha256: 'f'.repeat(64),
          lines: 2210,
          owner: { uid: 1002, name: 'b.keller' },
          place: { class: 'documents' },
          modifiedAt: MODIFIED,
          codeCells: 31,
          kernel: 'python3',
        },
      ],
      schedules: [
        {
          source: '/etc/crontab',
          line: 14,
          kind: 'cron',
          when: '30 2 * * 1-5',
          user: 'root',
          isEnabled: true,
          command: {
            program: 'python3',
            script: '/home/ana.souza/OneDrive/sap_gl_extract.py',
            isInline: false,
            argumentCount: 1,
          },
        },
        {
          source: '/etc/systemd/system/reconcile.timer',
          kind: 'systemd-timer',
          name: 'reconcile.timer',
          when: 'OnCalendar=daily',
          user: 'finance',
          isEnabled: true,
          command: {
            program: '/usr/bin/python3',
            script: '/srv/share/finance/reconcile.py',
            isInline: false,
            argumentCount: 0,
          },
        },
      ],
      launchers: [
        {
          path: '/home/ana.souza/Desktop/start invoices.sh',
          kind: 'shell',
          commands: [
            {
              program: 'python3',
              script: '/home/ana.souza/Documents/invoice_entry.py',
              isInline: false,
              argumentCount: 0,
            },
          ],
          owner: { uid: 1001, name: 'ana.souza' },
          place: { class: 'desktop' },
          modifiedAt: MODIFIED,
        },
      ],
      kernels: [
        {
          path: '/home/b.keller/.local/share/jupyter/kernels/python3/kernel.json',
          name: 'Python 3',
          interpreter: '/usr/bin/python3',
        },
      ],
      references: [],
      frozen: [
        {
          path: '/home/c.lee/Desktop/label-printer',
          kind: 'pyinstaller',
          version: '3.9',
          sizeBytes: 9_120_331,
          owner: { uid: 1003, name: 'c.lee' },
          place: { class: 'desktop' },
          modifiedAt: MODIFIED,
        },
      ],
      processes: [
        {
          pid: 4121,
          parentPid: 1,
          executable: '/usr/bin/python3.11',
          command: {
            program: '/usr/bin/python3.11',
            script: '/srv/share/finance/reconcile.py',
            isInline: false,
            argumentCount: 0,
          },
          cwd: '/srv/share/finance',
          owner: { uid: 1044 },
          startedAt: '2026-11-20T03:00:01.000Z',
          isEmbedded: false,
        },
      ],
    },
    analysis: { isIncluded: true, note: 'Advisory data of 2026-11-18.' },
    assessments: [
      {
        path: scripts[0]?.path ?? '',
        risk: risk(83, 'critical', [
          {
            dimension: 'data-flow',
            ruleId: 'flow-gui.sap-to-personal-cloud',
            reason: 'data from SAP FAGLL03 can reach a personal cloud (files.write OneDrive)',
            points: 30,
            place: at(61),
          },
          {
            dimension: 'secrets',
            ruleId: 'secret-assigned',
            reason: 'credential in the source: SAP password',
            points: 24,
            place: at(12),
          },
          {
            dimension: 'context',
            ruleId: 'context',
            reason: 'runs by itself on a schedule; lies in a personal cloud folder',
            points: 14,
          },
          {
            dimension: 'capabilities',
            ruleId: 'gui.sap',
            reason: 'drives SAP through its screens',
            points: 15,
            place: at(20),
          },
        ]),
        analysis: analysis(0, {
          capabilities: [
            { id: 'gui.sap', evidence: [at(20)], detail: ['SAPGUI'] },
            { id: 'spreadsheet', evidence: [at(50)], detail: [] },
            { id: 'files.write', evidence: [at(61)], detail: [] },
          ],
          flows: [
            {
              source: { kind: 'gui.sap', detail: 'FAGLL03', place: at(44) },
              sink: { kind: 'files.write', detail: 'OneDrive', place: at(61) },
              reach: 'personal-cloud',
              confidence: 'high',
            },
          ],
          secrets: [
            {
              ruleId: 'secret-assigned',
              title: 'SAP password',
              tier: 'medium',
              score: 0.9,
              fingerprint: 'k1',
              preview: 'Su…6',
              name: 'sap_password',
              place: at(12),
            },
          ],
          unresolved: { calls: 3, reasons: ['dynamic attribute'] },
        }),
      },
      {
        path: scripts[3]?.path ?? '',
        risk: risk(71, 'high', [
          {
            dimension: 'secrets',
            ruleId: 'secret-openai-key',
            reason: 'credential in the source: OpenAI API key',
            points: 25,
            place: at(8),
          },
          {
            dimension: 'data-flow',
            ruleId: 'flow-csv-to-llm-provider',
            reason: 'data from csv complaints.csv can reach an LLM provider (chat.completions)',
            points: 22,
            place: at(31),
          },
          {
            dimension: 'packages',
            ruleId: 'PYSEC-2018-28',
            reason: 'uses requests 2.19.0 with a high vulnerability (fixed in 2.20.0)',
            points: 14,
          },
          {
            dimension: 'capabilities',
            ruleId: 'llm',
            reason: 'sends text to a language model',
            points: 10,
            place: at(31),
          },
        ]),
        analysis: analysis(3, {
          capabilities: [
            { id: 'llm', evidence: [at(31)], detail: ['openai'] },
            { id: 'network.http', evidence: [at(31)], detail: [] },
          ],
          flows: [
            {
              source: { kind: 'csv', detail: 'complaints.csv', place: at(15) },
              sink: { kind: 'llm', detail: 'chat.completions', place: at(31) },
              reach: 'llm-provider',
              confidence: 'high',
            },
          ],
          secrets: [
            {
              ruleId: 'secret-openai-key',
              title: 'OpenAI API key',
              tier: 'high',
              score: 1,
              fingerprint: 'k2',
              preview: 'sk…Q',
              place: at(8),
            },
          ],
          verdicts: [
            {
              distribution: 'requests',
              version: '2.19.0',
              kind: 'vulnerable',
              advisories: ['PYSEC-2018-28', 'CVE-2018-18074'],
              severity: 'high',
              isKnownExploited: false,
              fixedIn: '2.20.0',
              dataDate: '2026-11-18',
            },
          ],
        }),
      },
      {
        path: scripts[1]?.path ?? '',
        risk: risk(52, 'elevated', [
          {
            dimension: 'weaknesses',
            ruleId: 'weak-subprocess-shell',
            reason: 'Shell command built from a variable',
            points: 20,
            place: at(77),
          },
          {
            dimension: 'secrets',
            ruleId: 'secret-login',
            reason: 'credential in the source: Oracle password',
            points: 18,
            place: at(9),
          },
          {
            dimension: 'capabilities',
            ruleId: 'db',
            reason: 'reads a database or the clipboard',
            points: 14,
            place: at(30),
          },
        ]),
        analysis: analysis(1, {
          capabilities: [
            { id: 'db', evidence: [at(30)], detail: ['oracledb'] },
            { id: 'mail.read', evidence: [at(18)], detail: [] },
          ],
          secrets: [
            {
              ruleId: 'secret-login',
              title: 'Oracle password',
              tier: 'medium',
              score: 0.9,
              fingerprint: 'k3',
              preview: 'or…1',
              place: at(9),
            },
          ],
          weaknesses: [
            {
              ruleId: 'weak-subprocess-shell',
              engineRule: 'S602',
              title: 'Shell command built from a variable',
              severity: 'high',
              confidence: 'high',
              cwe: 78,
              advice: 'Pass a list of arguments and no shell.',
              place: at(77),
            },
          ],
        }),
      },
      ...[2, 4, 5, 6].map((index) => ({
        path: scripts[index]?.path ?? '',
        risk: risk(index === 2 ? 24 : 6, index === 2 ? ('guarded' as const) : ('low' as const), [
          {
            dimension: 'capabilities' as const,
            ruleId: 'files.write',
            reason: 'writes <b>files</b>',
            points: index === 2 ? 24 : 6,
            place: at(4),
          },
        ]),
        analysis: analysis(index, { capabilities: [{ id: 'files.write', evidence: [at(4)], detail: [] }] }),
      })),
    ],
  };
}
