import type { PythonCommand } from '@sentinel/protocol';

const PROGRAM = /^(?:python|pythonw|pypy|graalpy)(?:\d+(?:\.\d+)*)?t?w?(?:\.exe)?$/i;
const LAUNCHER = /^py(?:w)?(?:\.exe)?$/i;
const SCRIPT = /\.(?:pyw?|pyz|ipynb)$/i;
/** Programs that run another program given behind their own options. */
const WRAPPERS = new Set([
  'env',
  'sudo',
  'nohup',
  'nice',
  'ionice',
  'timeout',
  'flock',
  'chronic',
  'exec',
  'start',
  'call',
  'cmd',
  'cmd.exe',
  'bash',
  'sh',
  'setsid',
  'time',
  'command',
  'systemd-cat',
  'caffeinate',
  'powershell',
  'powershell.exe',
  'pwsh',
  'doas',
  'runuser',
  'su',
]); // prettier-ignore
/** Programs that run a script in an environment of theirs: `uv run x.py`. */
const RUNNERS = new Set(['uv', 'poetry', 'pipenv', 'hatch', 'pdm', 'pixi', 'conda', 'mamba', 'micromamba', 'pipx']);
/** Options of the interpreter that take the next word. Source: Python documentation, command line. */
const OPTIONS_WITH_VALUE = new Set(['-W', '-X', '--check-hash-based-pycs']);
const MAX_TEXT = 8192;
const MAX_WORDS = 256;

/** Last part of a path of any system. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** Whether a program is a Python by its name. */
export function isPythonProgram(program: string): boolean {
  const name = baseName(program);
  return PROGRAM.test(name) || LAUNCHER.test(name);
}

/** Words of a command line with quotes taken off. Backslashes stay: they are part of Windows paths. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  let isOpen = false;
  for (const sign of line.slice(0, MAX_TEXT)) {
    if (quote !== '') {
      if (sign === quote) quote = '';
      else word += sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      isOpen = true;
    } else if (sign === ' ' || sign === '\t') {
      if (word !== '' || isOpen) words.push(word);
      word = '';
      isOpen = false;
      if (words.length >= MAX_WORDS) return words;
    } else word += sign;
  }
  if (word !== '' || isOpen) words.push(word);
  return words;
}

/** Commands of a line; separators inside quotes do not count. */
function splitCommands(line: string): string[] {
  const parts: string[] = [];
  let part = '';
  let quote = '';
  for (const sign of line) {
    if (quote === '' && /[;|&\n]/.test(sign)) {
      parts.push(part);
      part = '';
      continue;
    }
    if (quote === '' ? sign === '"' || sign === "'" : sign === quote) quote = quote === '' ? sign : '';
    part += sign;
  }
  parts.push(part);
  return parts;
}

/** Every start of a Python in a line of a shell, batch file, unit or task. `cd` before it gives the folder. */
export function pythonCommands(line: string, folder?: string): PythonCommand[] {
  const commands: PythonCommand[] = [];
  let current = folder;
  for (const part of splitCommands(line.slice(0, MAX_TEXT))) {
    const words = splitWords(part.trim().replace(/^[@-]+/, ''));
    current = folderAfter(words) ?? current;
    const command = pythonCommandOf(words, current);
    if (command !== undefined) commands.push(command);
  }
  return commands;
}

/** Absolute folder that a `cd` goes to, or undefined. */
export function folderAfter(words: readonly string[]): string | undefined {
  const verb = words[0]?.toLowerCase();
  const target = words.at(-1) ?? '';
  return (verb === 'cd' || verb === 'pushd' || verb === 'set-location') && isAbsolute(target) ? target : undefined;
}

/** The start of a Python in the words of one command, or undefined. */
export function pythonCommandOf(words: readonly string[], folder?: string): PythonCommand | undefined {
  let isWrapped = false;
  for (const [index, word] of words.entries()) {
    const name = baseName(word)
      .toLowerCase()
      .replace(/\.exe$/, '');
    const rest = words.slice(index + 1);
    if (isPythonProgram(word)) return shapeOf(word, rest, folder);
    if (RUNNERS.has(name)) return runnerCommand(word, rest, folder);
    if (SCRIPT.test(word) && !word.startsWith('-')) return shapeOf(word, words.slice(index), folder);
    if (WRAPPERS.has(name)) isWrapped = true;
    else if (isWrapped && word.includes(' ')) return pythonCommands(word, folder)[0];
    else if (!isWrapped && !/^\w+=/.test(word)) return undefined;
  }
  return undefined;
}

function runnerCommand(runner: string, rest: readonly string[], folder?: string): PythonCommand | undefined {
  const python = rest.findIndex((part) => isPythonProgram(part));
  if (python >= 0) return shapeOf(rest[python] ?? runner, rest.slice(python + 1), folder);
  const script = rest.findIndex((part) => SCRIPT.test(part));
  return script < 0 ? undefined : shapeOf(runner, rest.slice(script), folder);
}

function shapeOf(program: string, words: readonly string[], folder?: string): PythonCommand {
  let index = 0;
  while (index < words.length) {
    const word = words[index] ?? '';
    if (word === '-c') return { program, isInline: true, argumentCount: Math.max(0, words.length - index - 2) };
    if (word === '-m') {
      const module = words[index + 1];
      const count = Math.max(0, words.length - index - 2);
      return { program, ...(module === undefined ? {} : { module }), isInline: false, argumentCount: count };
    }
    if (word === '-' || /^(?:[<>]|\d>)/.test(word)) break;
    if (!word.startsWith('-')) {
      const rest = words.slice(index + 1);
      const stop = rest.findIndex((part) => /^(?:[<>]|\d>)/.test(part));
      return {
        program,
        script: absolute(word, folder),
        isInline: false,
        argumentCount: stop < 0 ? rest.length : stop,
      };
    }
    index += OPTIONS_WITH_VALUE.has(word) ? 2 : 1;
  }
  return { program, isInline: false, argumentCount: 0 };
}

function isAbsolute(path: string): boolean {
  return /^(?:[/~\\%$]|[A-Za-z]:[\\/])/.test(path);
}

function absolute(path: string, folder: string | undefined): string {
  if (isAbsolute(path) || folder === undefined) return path;
  return folder.includes('\\')
    ? `${folder.replace(/\\$/, '')}\\${path}`
    : `${folder.replace(/\/$/, '')}/${path.replace(/^\.\//, '')}`;
}
