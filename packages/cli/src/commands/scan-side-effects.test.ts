import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { REPORT_FORMATS } from '../scan/format-by-name.ts';

const SENTINEL = join(import.meta.dirname, '..', '..', 'bin', 'sentinel.js');
const STRACE = 'strace';
const CALLS =
  'execve,execveat,fork,vfork,clone,clone3,socket,connect,open,openat,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,chmod,fchmod,fchmodat,utimensat,truncate,ftruncate,symlink,symlinkat,link,linkat,rmdir';

describe('sentinel scan, watched by strace', () => {
  const hasStrace = spawnSync(STRACE, ['-V']).status === 0;
  let folder: string;
  let tree: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-scan-watched-'));
    tree = join(folder, 'tree');
    mkdirSync(join(tree, 'OneDrive'), { recursive: true });
    writeFileSync(join(tree, 'job.py'), 'import subprocess, sys\nsubprocess.call("ls " + sys.argv[1], shell=True)\n');
    writeFileSync(join(tree, 'near.csv'), 'iban;n\nDE89370400440532013000;1\n');
    writeFileSync(join(tree, 'far.csv'), '');
    truncateSync(join(tree, 'far.csv'), 700_000);
    for (const name of ['a.py', 'b.ipynb', 'c', 'd.bat']) {
      writeFileSync(join(tree, 'OneDrive', name), '');
      // A size and no block on the disk, as sync clients leave files that lie in a cloud only.
      truncateSync(join(tree, 'OneDrive', name), 700_000);
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const format of REPORT_FORMATS) {
    it(`writes its ${format} report and its state, and touches nothing else`, (t) => {
      if (!hasStrace) return t.skip('strace is not installed: system calls were not watched');
      const [out, state, trace] = [join(folder, `report.${format}`), join(folder, 'state'), join(folder, 'trace')];
      const earlier = stampsOf(tree);
      const result = spawnSync(
        STRACE,
        ['-f', '-qq', '-o', trace, '-e', `trace=${CALLS}`, process.execPath, SENTINEL, 'scan', '--root', tree]
          .concat(['--format', format, '--out', out, '--state', state])
          .concat(format === 'html' ? [] : ['--resume'])
          .concat(format === 'json' ? ['--sample-data'] : []),
        { encoding: 'utf8', env: { ...process.env, SENTINEL_DATA: join(folder, 'data') } },
      );
      assert.equal(result.status, 0, result.stderr);
      const lines = readFileSync(trace, 'utf8').split('\n');
      assert.ok(lines.length > 200, `strace saw ${lines.length} calls`);
      const own = [out, state, `${state}.new`].map((path) => `"${path}"`);
      const changing = lines
        .filter((line) =>
          /O_WRONLY|O_RDWR|O_CREAT|\b(?:unlink|rename|mkdir|f?chmod|utimens|f?truncate|symlink|link|rmdir)\w*\(/.test(
            line,
          ),
        )
        .filter((line) => !line.includes('/dev/null') && !own.some((path) => line.includes(path)));
      assert.deepEqual(changing, []);
      assert.deepEqual(
        lines.filter((line) => /\b(?:socket|connect)\(/.test(line)),
        [],
      );
      assert.deepEqual(
        lines.filter((line) => /\b(?:v?fork|clone3?)\(/.test(line) && !line.includes('CLONE_THREAD')),
        [],
      );
      assert.equal(lines.filter((line) => /\bexecve(?:at)?\(/.test(line)).length, 1);
      assert.deepEqual(
        lines.filter((line) => /OneDrive\/[abcd]|far\.csv/.test(line)),
        [],
      );
      // A data file is opened where that was asked for only.
      assert.equal(lines.filter((line) => line.includes('near.csv')).length, format === 'json' ? 1 : 0);
      assert.deepEqual(stampsOf(tree), earlier);
      return undefined;
    });
  }
});

/** Times of change of everything in a folder, which reading does not touch. */
function stampsOf(root: string): string[] {
  return ['', ...readdirSync(root, { recursive: true, encoding: 'utf8' })].sort().map((name) => {
    const { ctimeMs, mtimeMs, size } = lstatSync(join(root, name));
    return `${name} ${ctimeMs} ${mtimeMs} ${size}`;
  });
}
