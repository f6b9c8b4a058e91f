/// <reference types="node" />
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Grows a tree in the proportions of a work machine: few scripts, some environments, many other files.
 * Number of its entries.
 */
export function growTree(tree: string, wanted: number): number {
  const grown = { entries: 0 };
  const folder = (path: string) => {
    mkdirSync(path, { recursive: true });
    grown.entries += 1;
  };
  const file = (path: string, content = '') => {
    writeFileSync(path, content);
    grown.entries += 1;
  };
  const endings = ['.txt', '.xlsx', '.h', '.c', '.js', '.json', '.png', '.so', '.html', ''];
  for (let user = 0; grown.entries < wanted; user += 1) {
    const home = join(tree, 'home', `user${user}`);
    for (let project = 0; project < 40 && grown.entries < wanted; project += 1) {
      for (let part = 0; part < 12; part += 1) {
        const path = join(home, `project${project}`, `part${part}`, 'inner');
        folder(path);
        for (let index = 0; index < 14; index += 1) {
          // One extensionless file in a hundred, as measured on real machines.
          const ending = endings[(index + part) % endings.length] ?? '';
          file(
            join(path, `file${index}${ending === '' && index > 0 ? '.log' : ending}`),
            ending === '' ? 'plain text\n' : '',
          );
        }
      }
      file(join(home, `project${project}`, 'report.py'), `# ${user} ${project}\nimport csv\n`);
      const prefix = join(home, `project${project}`, '.venv');
      const site = join(prefix, 'lib', 'python3.12', 'site-packages');
      if (project % 10 !== 0) continue;
      folder(site);
      file(join(prefix, 'pyvenv.cfg'), 'home = /usr/bin\nversion = 3.12.1\n');
      mkdirSync(join(prefix, 'bin'));
      symlinkSync('/usr/bin/env', join(prefix, 'bin', 'python'));
      for (let index = 0; index < 30; index += 1) {
        folder(join(site, `package${index}-1.${index}.dist-info`));
        file(join(site, `package${index}-1.${index}.dist-info`, 'INSTALLER'), 'pip\n');
        folder(join(site, `package${index}`));
        for (let module = 0; module < 25; module += 1) file(join(site, `package${index}`, `m${module}.py`));
      }
    }
  }
  return grown.entries;
}
