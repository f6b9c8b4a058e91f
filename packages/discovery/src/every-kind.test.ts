import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Inventory } from '@sentinel/protocol';
import { linux } from './platform/linux.ts';
import { macos } from './platform/macos.ts';
import { windows } from './platform/windows.ts';
import { scan } from './scan.ts';
import {
  type Planted,
  type PlantedEnvironment,
  plantLinuxKinds,
  plantMacosKinds,
  plantWindowsKinds,
} from './testing/planted-environments.ts';
import { PlantedTree } from './testing/planted-tree.ts';

let folder: string;
let tree: PlantedTree;
const lines = (all: readonly PlantedEnvironment[]) => all.map(({ prefix, kind }) => `${prefix} ${kind}`).sort();

/** What was found in the words of what was planted. */
function found(inventory: Inventory): Planted {
  const short = (path: string) => path.replace(`${tree.root}/`, '');
  return {
    interpreters: inventory.interpreters.map(({ path, kind }) => ({ prefix: short(path), kind })),
    environments: inventory.environments.map(({ prefix, kind }) => ({ prefix: short(prefix), kind })),
    references: inventory.references.map(({ path, kind }) => ({ prefix: short(path), kind })),
  };
}

function assertSame(actual: Planted, planted: Planted): void {
  assert.deepEqual(lines(actual.interpreters), lines(planted.interpreters));
  assert.deepEqual(lines(actual.environments), lines(planted.environments));
  assert.deepEqual(lines(actual.references), lines(planted.references));
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-kinds-'));
  tree = new PlantedTree(join(folder, 'machine'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a tree with every kind of Python', () => {
  it('of Linux: all of at least 60 over at least 20 kinds are found, each once, and no shim', async () => {
    const planted = plantLinuxKinds(tree);
    const all = [...planted.interpreters, ...planted.environments];
    assert.ok(all.length >= 60, `${all.length} planted`);
    assert.ok(new Set(all.map(({ kind }) => kind)).size >= 20);
    const { inventory } = await scan({ systemRoot: tree.root, platform: linux });
    assertSame(found(inventory), planted);
    assert.deepEqual(
      inventory.environments.filter(({ problem }) => problem !== undefined).map(({ problem }) => problem),
      ['bin/python leads to /opt/gone/bin/python3.8, which does not exist'],
    );
    assert.deepEqual(
      inventory.references.map(({ interpreter, name, problem }) => [interpreter, name, problem]),
      [
        ['/opt/gone/python', undefined, '/opt/gone/python does not exist'],
        [undefined, 'Python 3.12 (a)', undefined],
      ],
    );
  });

  it('of Windows, recorded: program folders, environments and Excel add-ins', async () => {
    const planted = plantWindowsKinds(tree);
    const { inventory } = await scan({ systemRoot: tree.root, platform: windows });
    assertSame(found(inventory), planted);
    assert.deepEqual(
      inventory.references.map(({ kind, name, interpreter, modules }) => [kind, name, interpreter, modules]),
      [
        ['xlwings', undefined, 'C:\\Python312\\pythonw.exe', ['ledger', 'tax']],
        ['excel-startup', 'xlwings', undefined, undefined],
        ['pyxll', undefined, 'C:\\Python312\\pythonw.exe', ['prices', 'risk']],
      ],
    );
  });

  it('of macOS, recorded: frameworks, developer tools, applications', async () => {
    const planted = plantMacosKinds(tree);
    const { inventory } = await scan({ systemRoot: tree.root, platform: macos });
    assertSame(found(inventory), planted);
  });
});
