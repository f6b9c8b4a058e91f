import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AdvisoryIndex } from './advisory-index.ts';
import { type BundleManifest, BundleRefused, type OpenedBundle, openBundle } from './bundle.ts';

/** Which bundle is used, which one was before it, and whose bundles are believed. */
const State = z.object({
  current: z.string().optional(),
  previous: z.string().optional(),
  trustedKeys: z.array(z.string()),
});
type State = z.infer<typeof State>;

const FILE = /^\d{1,15}-[0-9a-f]{12}\.advisories$/;

/** Advisory data of one data folder: a folder with two bundles at most and `state.json`. */
export class AdvisoryStore {
  readonly #folder: string;

  /** @param dataFolder Data folder of Sentinel. */
  constructor(dataFolder: string) {
    this.#folder = join(dataFolder, 'advisories');
  }

  /** Public keys whose bundles are believed, in base64. */
  get trustedKeys(): readonly string[] {
    return this.#state().trustedKeys;
  }

  /** The bundle in use, verified again; undefined when nothing was imported. */
  load(): { readonly manifest: BundleManifest; readonly index: AdvisoryIndex } | undefined {
    const { current, trustedKeys } = this.#state();
    if (current === undefined) return undefined;
    const { manifest, data } = openBundle(readFileSync(join(this.#folder, current)), trustedKeys);
    return { manifest, index: new AdvisoryIndex(data) };
  }

  /** Whether there is a bundle to go back to. */
  get hasPrevious(): boolean {
    return this.#state().previous !== undefined;
  }

  /**
   * Takes a bundle into use: verifies it, loads it for a test, and only then swaps.
   *
   * @param trust Public key to be believed from now on.
   * @throws {BundleRefused} when it is not to be believed, or older than the one in use.
   */
  import(bundle: Buffer, trust?: string): BundleManifest {
    const state = this.#state();
    const trustedKeys = [...new Set([...state.trustedKeys, ...(trust === undefined ? [] : [trust])])];
    if (trustedKeys.length === 0) throw new BundleRefused('no key is trusted yet: give the public key of its maker');
    const opened = openBundle(bundle, trustedKeys);
    testLoad(opened);
    const inUse = this.#manifestOf(state);
    if (inUse !== undefined && opened.manifest.sequence < inUse.sequence) {
      throw new BundleRefused(`it was made on ${opened.manifest.madeAt}, before the one in use (${inUse.madeAt})`);
    }
    const name = `${opened.manifest.sequence}-${opened.manifest.sha256.slice(0, 12)}.advisories`;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    if (name === state.current) {
      this.#writeState({ ...state, trustedKeys });
      return opened.manifest;
    }
    this.#write(name, bundle);
    this.#writeState({
      current: name,
      ...(state.current === undefined ? {} : { previous: state.current }),
      trustedKeys,
    });
    this.#removeOthers([name, state.current]);
    return opened.manifest;
  }

  /**
   * Goes back to the bundle before; once more goes forward again.
   *
   * @throws {BundleRefused} when there is none.
   */
  rollBack(): BundleManifest {
    const state = this.#state();
    const { current, previous } = state;
    if (current === undefined || previous === undefined) throw new BundleRefused('there is no bundle to go back to');
    const opened = openBundle(readFileSync(join(this.#folder, previous)), state.trustedKeys);
    this.#writeState({ ...state, current: previous, previous: current });
    return opened.manifest;
  }

  #manifestOf(state: State): BundleManifest | undefined {
    if (state.current === undefined) return undefined;
    try {
      return openBundle(readFileSync(join(this.#folder, state.current)), state.trustedKeys).manifest;
    } catch {
      // A damaged bundle must not stand in the way of a sound one.
      return undefined;
    }
  }

  #state(): State {
    let text: string;
    try {
      text = readFileSync(join(this.#folder, 'state.json'), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { trustedKeys: [] };
      throw error;
    }
    const state = State.parse(JSON.parse(text));
    for (const name of [state.current, state.previous]) {
      if (name !== undefined && !FILE.test(name)) throw new BundleRefused('the state of the advisories is damaged');
    }
    return state;
  }

  #writeState(state: State): void {
    this.#write('state.json', Buffer.from(`${JSON.stringify(state, null, 2)}\n`));
  }

  /** Writes beside, syncs and renames: a reader sees the old file or the new one. */
  #write(name: string, content: Buffer): void {
    const temporary = join(this.#folder, `${name}.${process.pid}.new`);
    const file = openSync(temporary, 'w', 0o600);
    try {
      for (let at = 0; at < content.length; ) at += writeSync(file, content, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, join(this.#folder, name));
  }

  #removeOthers(kept: readonly (string | undefined)[]): void {
    for (const name of readdirSync(this.#folder)) {
      if (FILE.test(name) && !kept.includes(name)) rmSync(join(this.#folder, name), { force: true });
    }
  }
}

/** Asks each kind of question once, so that data on which the index fails never comes into use. */
function testLoad({ data }: OpenedBundle): void {
  const index = new AdvisoryIndex(data);
  for (const [name, advisories] of Object.entries(data.packages)) {
    for (const { ranges, versions } of advisories.slice(0, 1)) {
      const version = versions[0] ?? ranges[0]?.introduced ?? '0';
      index.vulnerable(name, version);
      index.malicious(name, version);
    }
  }
  index.squat('sentinel');
}
