/// <reference types="node" />
/**
 * Comparison of remembered folders with the disk, by as many threads as wish to help. JavaScript, and all in one file,
 * on purpose: a thread that has to read TypeScript starts when the work is half done. Its shapes: `recheck-share.d.ts`.
 */
import { lstatSync, statSync } from 'node:fs';
import { isMainThread, workerData } from 'node:worker_threads';

/** Folders and files that one thread takes at a time. */
const SHARE = 512;
/** Places in `progress`. */
const NEXT = 0;
const DONE = 1;

/** An answer for a name that is gone, instead of an error. */
const QUIETLY = { throwIfNoEntry: false };

export const FATE = { notLookedAt: 0, unchanged: 1, changed: 2, gone: 3 };

/**
 * @param {import('./folder-table.ts').FolderColumns} folders
 * @returns {import('./recheck-share.js').RecheckShare}
 */
export function newRecheck(folders) {
  return {
    folders,
    fates: new Uint8Array(new SharedArrayBuffer(folders.pathEnds.length)),
    touchFates: new Uint8Array(new SharedArrayBuffer(folders.touchFollows.length)),
    progress: new Int32Array(new SharedArrayBuffer(8)),
  };
}

/**
 * @param {import('./recheck-share.js').RecheckShare} recheck
 */
export function recheckNext(recheck) {
  const { fates, touchFates, progress } = recheck;
  const share = Atomics.add(progress, NEXT, 1);
  const folderShares = Math.ceil(fates.length / SHARE);
  if (share >= shareCount(recheck)) return false;
  const start = (share < folderShares ? share : share - folderShares) * SHARE;
  if (share < folderShares) recheckFolders(recheck, start, Math.min(start + SHARE, fates.length));
  else recheckTouched(recheck, start, Math.min(start + SHARE, touchFates.length));
  Atomics.add(progress, DONE, 1);
  Atomics.notify(progress, DONE);
  return true;
}

/**
 * @param {import('./recheck-share.js').RecheckShare} recheck
 */
export function awaitRecheck(recheck) {
  const wanted = shareCount(recheck);
  for (;;) {
    const done = Atomics.load(recheck.progress, DONE);
    if (done >= wanted) return;
    Atomics.wait(recheck.progress, DONE, done);
  }
}

/**
 * @param {import('./recheck-share.js').RecheckShare} recheck
 */
function shareCount({ fates, touchFates }) {
  return Math.ceil(fates.length / SHARE) + Math.ceil(touchFates.length / SHARE);
}

/**
 * @param {import('./recheck-share.js').RecheckShare} recheck
 * @param {number} start
 * @param {number} end
 */
function recheckFolders({ folders, fates }, start, end) {
  const { stamps } = folders;
  const paths = textsOf(folders.paths, folders.pathEnds, start, end);
  for (let index = start; index < end; index += 1) {
    // Folders are never links: a plain stat is the cheapest question.
    const stats = statsOf(statSync, paths[index - start]);
    if (stats === undefined) fates[index] = FATE.gone;
    else if (stats.mtimeMs === stamps[index * 2] && stats.ino === stamps[index * 2 + 1]) fates[index] = FATE.unchanged;
    else fates[index] = stats.isDirectory() ? FATE.changed : FATE.gone;
  }
}

/**
 * @param {import('./recheck-share.js').RecheckShare} recheck
 * @param {number} start
 * @param {number} end
 */
function recheckTouched({ folders, touchFates }, start, end) {
  const { touchPaths, touchPathEnds, touchStamps, touchFollows } = folders;
  const paths = textsOf(touchPaths, touchPathEnds, start, end);
  for (let index = start; index < end; index += 1) {
    const mtimeMs = touchStamps[index * 2];
    const stats = statsOf(touchFollows[index] === 1 ? statSync : lstatSync, paths[index - start]);
    const isSame =
      stats === undefined
        ? Number.isNaN(mtimeMs)
        : stats.mtimeMs === mtimeMs && stats.size === touchStamps[index * 2 + 1];
    touchFates[index] = isSame ? FATE.unchanged : FATE.changed;
  }
}

/**
 * @param {typeof statSync} ask
 * @param {string} path
 */
function statsOf(ask, path) {
  try {
    return ask(path, QUIETLY);
  } catch {
    return undefined;
  }
}

/**
 * @param {Uint8Array} texts
 * @param {Uint32Array} ends
 * @param {number} start
 * @param {number} end
 */
function textsOf(texts, ends, start, end) {
  if (end <= start) return [];
  const from = start === 0 ? 0 : ends[start - 1];
  return Buffer.from(texts.buffer, texts.byteOffset + from, ends[end - 1] - from - 1)
    .toString('utf8')
    .split('\0');
}

const given = /** @type {{ isRecheck?: boolean; recheck: import('./recheck-share.js').RecheckShare } | null} */ (
  workerData
);
if (!isMainThread && given?.isRecheck === true) while (recheckNext(given.recheck));
