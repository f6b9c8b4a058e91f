import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { takeLock } from '../lock.ts';
import { writeDurably } from '../write-durably.ts';

const FileState = z.object({
  content: z.string().nullable(),
  mode: z.int().exactOptional(),
  mtimeMs: z.number().exactOptional(),
});

const ManifestFile = z.object({ path: z.string(), before: FileState, after: z.string().nullable() });

const ManifestEntry = z.object({
  /** Folder of a virtual environment, else the program file with links followed. */
  key: z.string(),
  executable: z.string(),
  image: z.string(),
  environment: z.string().optional(),
  version: z.string().optional(),
  /** Name of the interpreter in compiled files. */
  cacheTag: z.string().optional(),
  isBase: z.boolean(),
  /** Account that its program belongs to, where that is not root's: what it named is put back with no more rights. */
  account: z.object({ uid: z.int(), gid: z.int() }).exactOptional(),
  outcome: z.enum(['instrumented', 'read-only', 'version-unsupported', 'cannot-run', 'failed']),
  reason: z.string().optional(),
  /** When it became what `outcome` says. */
  sinceMs: z.number(),
  /** Folder of the probe that it starts. */
  home: z.string(),
  /** Last change and size of the program file: another one asks for a new look. */
  stamp: z.string(),
  files: z.array(ManifestFile),
  /** Compiled files of ours, and folders made for them. */
  compiled: z.array(z.string()),
  folders: z.array(z.string()),
});
export type ManifestEntry = z.infer<typeof ManifestEntry>;

const Manifest = z.object({
  version: z.literal(1),
  /** Where new environments are instrumented by themselves; absent: nowhere. */
  roots: z.array(z.string()).optional(),
  /** Keys that are to stay without. */
  exempt: z.array(z.string()),
  entries: z.array(ManifestEntry),
  /** Programs that carry an interpreter which no probe reaches. */
  hosts: z.array(z.object({ path: z.string(), kind: z.enum(['embedded', 'frozen']) })).default([]),
});
export type Manifest = z.infer<typeof Manifest>;

const WAIT_MS = 20_000;

/** What was written where. A damaged file is an error: what it says cannot be put back without it. */
export function readManifest(path: string): Manifest {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, exempt: [], entries: [], hosts: [] };
    throw error;
  }
  try {
    return Manifest.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${path} is damaged; it says what stood in the interpreters before`, { cause: error });
  }
}

/** Changes the manifest, one process at a time; saved after each step that `save` is called for, and at the end. */
export async function withManifest<T>(
  path: string,
  work: (manifest: Manifest, save: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const release = await takeManifestLock(`${path}.lock`);
  try {
    const manifest = readManifest(path);
    const save = () => writeDurably(path, `${JSON.stringify(manifest)}\n`);
    const result = await work(manifest, save);
    await save();
    return result;
  } finally {
    release();
  }
}

async function takeManifestLock(path: string): Promise<() => void> {
  for (const end = Date.now() + WAIT_MS; ; await delay(50)) {
    try {
      return takeLock(path);
    } catch (error) {
      if (Date.now() > end)
        throw new Error(`another process instruments at the moment: ${(error as Error).message}`, { cause: error });
    }
  }
}
