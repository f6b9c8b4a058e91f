import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { testProbeOn } from '../support/probe-suite.ts';
import { installedPythons } from '../support/pythons.ts';

// Newer versions and a free-threaded build, where Debian's packages can be had; else the tests do without.
for (const version of ['3.14', '3.15', '3.13t']) {
  spawnSync('python3', ['-m', 'tests.pythons', version], { cwd: join(import.meta.dirname, '..', '..', 'probe') });
}
for (const python of installedPythons()) testProbeOn(python);
