import { randomUUID } from 'node:crypto';
import type { InventoryUpload } from '@sentinel/protocol';
import { ago } from './rows.ts';

/** What a test wants in an inventory; the rest is empty. */
export interface WantedInventory extends Partial<Omit<InventoryUpload, 'inventory'>> {
  readonly inventory?: Partial<InventoryUpload['inventory']>;
}

/** An upload of a computer. */
export function makeInventory(hostName: string, { inventory, ...over }: WantedInventory = {}): InventoryUpload {
  return {
    id: randomUUID(),
    product: 'Sentinel 0.1.0',
    host: { name: hostName, os: 'Debian', osVersion: '12', account: 'ana' },
    startedAt: ago(10_000),
    durationMs: 10,
    roots: ['/'],
    coverage: {
      folders: 1,
      entries: 1,
      reusedFolders: 0,
      librarySources: 0,
      prunedFolders: 0,
      placeholders: 0,
      leftOut: [],
      leftOutCount: 0,
      isComplete: true,
      notes: [],
    },
    inventory: {
      interpreters: [],
      environments: [],
      packages: [],
      scripts: [],
      notebooks: [],
      schedules: [],
      launchers: [],
      kernels: [],
      frozen: [],
      references: [],
      processes: [],
      ...inventory,
    },
    risks: [],
    packageVerdicts: [],
    ...over,
  };
}

/** A script that a scan found. */
export function makeFoundScript(path: string, sha256?: string): InventoryUpload['inventory']['scripts'][number] {
  return {
    path,
    sizeBytes: 1,
    owner: { uid: 1, name: 'ana' },
    place: { class: 'home' },
    modifiedAt: '2026-01-02T03:04:05.000Z',
    ground: 'extension',
    role: 'script',
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

/** An interpreter that a scan found. */
export function makeFoundInterpreter(path: string): InventoryUpload['inventory']['interpreters'][number] {
  return {
    path,
    aliases: [],
    kind: 'system',
    implementation: 'cpython',
    version: '3.11.2',
    proof: '/x',
    owner: {},
  };
}
