/** Functions of subprocess that start a program. Source: https://docs.python.org/3/library/subprocess.html */
export const SUBPROCESS_CALLS: readonly string[] = [
  'subprocess.Popen',
  'subprocess.call',
  'subprocess.check_call',
  'subprocess.check_output',
  'subprocess.run',
];
