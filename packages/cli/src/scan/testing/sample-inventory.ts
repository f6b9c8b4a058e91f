import type { Inventory, ScriptFound } from '@sentinel/protocol';

const MODIFIED = '2026-10-02T08:15:00.000Z';

/** What a computer of the accounts department holds: one find of every kind. */
export function sampleInventory(scripts: readonly ScriptFound[]): Inventory {
  return {
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
    scripts: [...scripts],
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
  };
}
