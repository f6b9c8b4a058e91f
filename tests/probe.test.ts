import { testProbeOn } from './support/probe-suite.ts';
import { defaultPython } from './support/pythons.ts';

testProbeOn(defaultPython());
