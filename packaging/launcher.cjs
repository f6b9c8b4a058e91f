// First code of the single executable. It lays the program out as files once, under the hash of their
// content, and starts it from there: worker threads, WebAssembly and the probe are files.
'use strict';
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const { createRequire } = require('node:module');
const os = require('node:os');
const path = require('node:path');
const sea = require('node:sea');
const { zstdDecompressSync } = require('node:zlib');

const hash = sea.getAsset('app.sha256', 'utf8').trim();
// A scan installs nothing: what it needs goes when it ends.
const isPassing = ['scan', 'analyse'].includes(process.argv[2]) && process.env.SENTINEL_APP_FOLDER === undefined;

try {
  const folder = ofParent() ?? (isPassing ? layOutForNow() : layOutOnce());
  process.env.SENTINEL_APP_RUNNING = folder;
  // A child is started as "this executable, file, arguments", as Node itself would be.
  const given = process.argv[2];
  const isOwnFile = given !== undefined && path.isAbsolute(given) && given.startsWith(folder + path.sep);
  const file = isOwnFile ? given : path.join(folder, 'packages', 'cli', 'src', 'main.js');
  process.argv.splice(1, isOwnFile ? 2 : 1, file);
  createRequire(path.join(folder, 'boot.cjs'))('./boot.cjs')(file);
} catch (error) {
  process.stderr.write(`sentinel: the program cannot be laid out: ${error.message}\n`);
  process.exit(1);
}

/** Where the process that started this one runs from, if it is this very program. */
function ofParent() {
  const folder = process.env.SENTINEL_APP_RUNNING;
  try {
    return fs.readFileSync(path.join(folder, 'app.sha256'), 'utf8') === hash ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Where this version lies for good; written if it is not there. */
function layOutOnce() {
  const base = process.env.SENTINEL_APP_FOLDER ?? path.join(dataFolder(), 'app');
  const folder = path.join(base, hash.slice(0, 32));
  if (fs.existsSync(folder)) {
    refuseForeign(folder);
    return folder;
  }
  fs.mkdirSync(base, { recursive: true, mode: 0o755 });
  const temporary = fs.mkdtempSync(path.join(base, '.new-'));
  try {
    layOut(temporary);
    fs.chmodSync(temporary, 0o755);
    fs.renameSync(temporary, folder);
  } catch (error) {
    fs.rmSync(temporary, { recursive: true, force: true });
    // Another start was quicker.
    if (!fs.existsSync(folder)) throw error;
  }
  refuseForeign(folder);
  return folder;
}

/** A folder that goes when this process ends. */
function layOutForNow() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sentinel-'));
  const owner = process.pid;
  process.on('exit', () => {
    if (process.pid === owner) fs.rmSync(folder, { recursive: true, force: true });
  });
  layOut(folder);
  return folder;
}

function layOut(folder) {
  const raw = zstdDecompressSync(Buffer.from(sea.getRawAsset('app.zst')));
  if (createHash('sha256').update(raw).digest('hex') !== hash) throw new Error('this file is damaged');
  const length = raw.readUInt32BE(0);
  let place = 4 + length;
  for (const [name, size] of JSON.parse(raw.subarray(4, place).toString('utf8'))) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
    fs.writeFileSync(file, raw.subarray(place, place + size), { mode: 0o644 });
    place += size;
  }
  fs.writeFileSync(path.join(folder, 'app.sha256'), hash, { mode: 0o644 });
}

/** Somebody else's files are not started with our rights. */
function refuseForeign(folder) {
  if (process.platform === 'win32') return;
  const { uid, mode } = fs.statSync(folder);
  if ((uid === process.getuid() || uid === 0) && (mode & 0o022) === 0) return;
  throw new Error(`${folder} belongs to another account or can be written by others; remove it`);
}

/** As in packages/capture/src/data-folder.ts; for root one that every account can read. */
function dataFolder() {
  const home = os.homedir();
  if (process.platform === 'win32') {
    return path.join(process.env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'), 'Sentinel');
  }
  const isRoot = process.getuid() === 0;
  if (process.platform === 'darwin') {
    return path.join(isRoot ? '/' : home, 'Library', 'Application Support', 'Sentinel');
  }
  if (isRoot) return '/var/lib/sentinel';
  const xdg = process.env.XDG_DATA_HOME;
  return path.join(xdg?.startsWith('/') ? xdg : path.join(home, '.local', 'share'), 'sentinel');
}
