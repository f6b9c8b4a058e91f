import { namedCallRule } from '../named-call-rule.ts';

/** A command line given to the shell by functions that always use one. */
export const weakShellStart = namedCallRule(
  {
    id: 'weak-shell-start',
    runs: 'without-ruff',
    hints: ['system', 'popen', 'getoutput', 'getstatusoutput', 'Popen'],
    misses: 'os functions reached through getattr.',
  },
  [
    'os.system',
    'os.popen',
    'os.popen2',
    'os.popen3',
    'os.popen4',
    'popen2.popen2',
    'popen2.popen3',
    'popen2.popen4',
    'popen2.Popen3',
    'popen2.Popen4',
    'commands.getoutput',
    'commands.getstatusoutput',
    'subprocess.getoutput',
    'subprocess.getstatusoutput',
  ],
);
