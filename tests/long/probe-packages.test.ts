import { testProbePackagesOn } from '../support/probe-suite.ts';
import { defaultPython } from '../support/pythons.ts';

testProbePackagesOn(defaultPython(), true);
