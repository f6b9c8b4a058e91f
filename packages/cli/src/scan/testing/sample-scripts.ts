import type { ScriptFound } from '@sentinel/protocol';

const MODIFIED = '2026-10-02T08:15:00.000Z';

/** What people wrote on the computer of the sample: seven that lie in places of every sort, then many modules of one project. */
export function sampleScripts(): ScriptFound[] {
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
  return [...scripts, ...many];
}
