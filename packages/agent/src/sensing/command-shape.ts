/** How an interpreter was told what to run. */
export type CommandInput = 'script' | 'command' | 'module' | 'stdin' | 'none';

/** What of a command line is kept: the interpreter's own options, and where the program comes from. */
export interface CommandShape {
  /** Letters of options before the script, without their values; long options with their dashes; `?` for one that Python does not know. */
  readonly flags: readonly string[];
  readonly input: CommandInput;
}

const LETTERS = new Set('bBdEhiIJOPqRsStuvVx?3');
const LONG = new Set(['--version', '--help', '--help-env', '--help-xoptions', '--help-all']);
const CHECK_PYCS = '--check-hash-based-pycs';

/**
 * Reads the words of a Python's command line as far as the interpreter's own options go; what follows is not looked at.
 * Source: Python documentation, command line and environment; Python/getopt.c.
 */
export function commandShape(words: readonly string[]): CommandShape {
  const flags: string[] = [];
  for (let at = 1; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-') return { flags, input: 'stdin' };
    if (word === '--') return { flags, input: at + 1 < words.length ? 'script' : 'stdin' };
    if (!word.startsWith('-')) return { flags, input: 'script' };
    if (word.startsWith('--')) {
      if (word === CHECK_PYCS) at++;
      else if (!word.startsWith(`${CHECK_PYCS}=`)) flags.push(LONG.has(word) ? word : '?');
      continue;
    }
    for (let index = 1; index < word.length; index++) {
      const letter = word.charAt(index);
      if (letter === 'c') return { flags, input: 'command' };
      if (letter === 'm') return { flags, input: 'module' };
      if (letter === 'W' || letter === 'X') {
        if (index === word.length - 1) at++;
        break;
      }
      flags.push(LETTERS.has(letter) ? (letter === '?' ? 'h' : letter) : '?');
    }
  }
  return { flags, input: flags.some(saysOnly) ? 'none' : 'stdin' };
}

/** Whether an option makes the interpreter end before it loads `site`. */
export function saysOnly(flag: string): boolean {
  return flag === 'h' || flag === 'V' || flag === '?' || LONG.has(flag);
}
