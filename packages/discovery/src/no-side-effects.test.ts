import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { linux } from './platform/linux.ts';
import { scan } from './scan.ts';
import { PlantedTree, plantLinux } from './testing/planted-tree.ts';

const PLACEHOLDERS = 200;
const STRACE = 'strace';

describe('a scan', () => {
  let folder: string;
  let tree: PlantedTree;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-side-'));
    tree = new PlantedTree(join(folder, 'machine'));
    plantLinux(tree);
    const names = ['a.py', 'b.ipynb', 'c', 'd.sh', 'e.pyz', 'f.exe', 'g.lnk', 'python3.12', 'i.desktop', 'j.pyw'];
    for (let index = 0; index < PLACEHOLDERS; index += 1)
      tree.placeholder(
        `home/ana/OneDrive/cloud/${Math.floor(index / names.length)}/${names[index % names.length] ?? 'x.py'}`,
        700_000,
      );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves every file and folder as it was', async () => {
    const earlier = stampsBelow(tree.root);
    await scan({ systemRoot: tree.root, platform: linux, keepsState: true });
    assert.ok(earlier.size > 300, `${earlier.size} files`);
    assert.deepEqual(stampsBelow(tree.root), earlier);
  });

  it('starts no process, opens no socket, writes no file and reads no placeholder', (t) => {
    if (spawnSync(STRACE, ['-V']).status !== 0) {
      t.skip('strace is not installed: system calls were not watched');
      return;
    }
    const program = join(folder, 'run-scan.ts');
    const trace = join(folder, 'trace');
    writeFileSync(
      program,
      `import { scan } from ${JSON.stringify(join(import.meta.dirname, 'scan.ts'))};
import { linux } from ${JSON.stringify(join(import.meta.dirname, 'platform/linux.ts'))};
const { coverage } = await scan({ systemRoot: ${JSON.stringify(tree.root)}, platform: linux });
if (coverage.placeholders < ${PLACEHOLDERS * 0.8}) throw new Error(String(coverage.placeholders));
`,
    );
    const calls =
      'execve,execveat,fork,vfork,clone,clone3,socket,connect,open,openat,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat,chmod,fchmod,fchmodat,utimensat,truncate,ftruncate,symlink,symlinkat,link,linkat,rmdir';
    const result = spawnSync(STRACE, ['-f', '-qq', '-o', trace, '-e', `trace=${calls}`, process.execPath, program], {
      encoding: 'utf8',
    });
    assert.equal(result.status, 0, result.stderr);
    const lines = readFileSync(trace, 'utf8').split('\n');
    assert.ok(lines.length > 200, `strace saw ${lines.length} calls`);
    const wrong = (pattern: RegExp) => lines.filter((line) => pattern.test(line));
    assert.equal(wrong(/\bexecve\(/).length, 1, 'only Node itself is started');
    // Threads share memory with their process; a process of its own does not.
    assert.deepEqual(
      lines.filter((line) => /\b(?:v?fork|clone3?)\(/.test(line) && !line.includes('CLONE_THREAD')),
      [],
    );
    assert.deepEqual(wrong(/\b(?:socket|connect)\(/), []);
    assert.deepEqual(
      wrong(/O_WRONLY|O_RDWR|O_CREAT/).filter((line) => !line.includes('/dev/null')),
      [],
    );
    assert.deepEqual(wrong(/\b(?:unlink|rename|mkdir|f?chmod|utimens|f?truncate|symlink|link|rmdir)\w*\(/), []);
    assert.deepEqual(wrong(/OneDrive\/cloud\/\d+\/[^"]/), []);
  });
});

/** Times of change of everything below a folder, which reading does not touch. */
function stampsBelow(root: string): Map<string, string> {
  const stamps = new Map<string, string>();
  for (const name of [
    root,
    ...readdirSync(root, { recursive: true, encoding: 'utf8' }).map((one) => join(root, one)),
  ]) {
    const { ctimeMs, mtimeMs, size, ino } = lstatSync(name);
    stamps.set(name, `${ctimeMs} ${mtimeMs} ${size} ${ino}`);
  }
  return stamps;
}
