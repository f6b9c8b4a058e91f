import { testProbeOn } from '../support/probe-suite.ts';
import { installedPythons } from '../support/pythons.ts';

for (const python of installedPythons()) testProbeOn(python);
