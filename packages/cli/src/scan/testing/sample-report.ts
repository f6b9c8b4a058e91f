import type { ScanReport } from '@sentinel/protocol';
import { sampleAssessments } from './sample-assessments.ts';
import { sampleInventory } from './sample-inventory.ts';
import { sampleScripts } from './sample-scripts.ts';

/** A report of an invented finance computer, with findings of every kind and names that would break careless markup. */
export function sampleReport(): ScanReport {
  const scripts = sampleScripts();
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
    inventory: sampleInventory(scripts),
    analysis: { isIncluded: true, note: 'Advisory data of 2026-11-18.' },
    assessments: sampleAssessments(scripts),
  };
}
