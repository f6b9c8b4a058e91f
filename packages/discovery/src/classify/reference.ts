import { dirname, isAbsolute, join } from 'node:path';
import type { ReferenceFound } from '@sentinel/protocol';
import { readSmallText, statBehind } from './file-facts.ts';

type Reader = (path: string, text: string) => Omit<ReferenceFound, 'path'> | undefined;

/** Settings that may name a Python: file name, lower case, with the ending of its folder. Source: the makers' documentation. */
const READERS: readonly { readonly name: string; readonly folder: RegExp; readonly read: Reader }[] = [
  { name: 'settings.json', folder: /[\\/]\.vscode$/, read: readVscode },
  { name: 'misc.xml', folder: /[\\/]\.idea$/, read: readIdea },
  { name: 'xlwings.conf', folder: /./, read: readXlwings },
  { name: 'pyxll.cfg', folder: /./, read: readPyxll },
];
const NAMES = new Set(READERS.map(({ name }) => name));
/** Add-ins that bring Python into Excel, by the start of their file names. */
const EXCEL_ADD_IN = /^(xlwings|pyxll|pyxll-jupyter|flypython|anacondacode)[^\\/]*\.(?:xlam|xla|xll)$/i;
const MAX_MODULES = 50;

/** Whether a file name could hold a setting that names a Python. */
export function hasReferenceName(name: string): boolean {
  return NAMES.has(name.toLowerCase()) || EXCEL_ADD_IN.test(name);
}

/** Setting of a file that names a Python, or undefined where it names none. */
export function readReference(folder: string, name: string): ReferenceFound | undefined {
  const path = join(folder, name);
  if (EXCEL_ADD_IN.test(name)) {
    if (!/[\\/](?:XLSTART|AddIns)$/i.test(folder)) return undefined;
    return { path, kind: 'excel-startup', name: name.slice(0, name.lastIndexOf('.')) };
  }
  const reader = READERS.find((one) => one.name === name.toLowerCase() && one.folder.test(folder));
  const text = reader === undefined ? undefined : readSmallText(path);
  const found = text === undefined ? undefined : reader?.read(path, text);
  if (found === undefined) return undefined;
  const { interpreter } = found;
  // Only a whole path on this machine can be looked at; C:\ of a recorded tree cannot.
  const isLost = interpreter !== undefined && isAbsolute(interpreter) && statBehind(interpreter) === undefined;
  return { path, ...found, ...(isLost ? { problem: `${interpreter} does not exist` } : {}) };
}

/** `python.defaultInterpreterPath`, or its older name; comments and trailing commas are allowed there. */
function readVscode(path: string, text: string): Omit<ReferenceFound, 'path'> | undefined {
  const written = /^[^/\n]*"python\.(?:defaultInterpreterPath|pythonPath)"\s*:\s*"((?:[^"\\]|\\.)*)"/m.exec(text)?.[1];
  if (written === undefined || written === '') return undefined;
  const project = dirname(dirname(path));
  const plain = written.replaceAll('\\\\', '\\').replaceAll(/\$\{workspace(?:Folder|Root)\}/g, () => project);
  return { kind: 'vscode', interpreter: /^\.{1,2}[\\/]/.test(plain) ? join(project, plain) : plain };
}

/** Name of the project's SDK: a name of the IDE's own table, which holds no path here. */
function readIdea(_path: string, text: string): Omit<ReferenceFound, 'path'> | undefined {
  const tag = /<component\s[^>]*name="ProjectRootManager"[^>]*>/.exec(text)?.[0] ?? '';
  const name = /project-jdk-name="([^"]*)"/.exec(tag)?.[1];
  if (name === undefined || !/project-jdk-type="Python SDK"/.test(tag)) return undefined;
  return { kind: 'idea', name: name.replaceAll('&quot;', '"').replaceAll('&amp;', '&') };
}

/** Lines such as `"INTERPRETER_WIN","C:\Python312\python.exe"` and `"UDF MODULES","a;b"`. */
function readXlwings(_path: string, text: string): Omit<ReferenceFound, 'path'> | undefined {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^"?([^",]+)"?\s*,\s*"?([^"]*)"?\s*$/.exec(line);
    if (match?.[1] !== undefined) values.set(match[1].trim().toUpperCase(), (match[2] ?? '').trim());
  }
  const given = ['INTERPRETER_WIN', 'INTERPRETER_MAC', 'INTERPRETER'].map((key) => values.get(key) ?? '');
  const interpreter = given.find((value) => value !== '');
  return { kind: 'xlwings', ...present(interpreter, modulesOf(values.get('UDF MODULES'))) };
}

/** `[PYTHON] executable` and `[PYXLL] modules`, whose continued lines are indented. */
function readPyxll(_path: string, text: string): Omit<ReferenceFound, 'path'> | undefined {
  let section = '';
  let key = '';
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*[;#]/.test(line)) continue;
    const heading = /^\s*\[([^\]]+)\]/.exec(line)?.[1];
    const pair = /^([A-Za-z_]\w*)\s*[=:]\s*(.*)$/.exec(line);
    if (heading !== undefined) section = heading.trim().toUpperCase();
    else if (pair?.[1] !== undefined) {
      key = `${section} ${pair[1].toLowerCase()}`;
      values.set(key, (pair[2] ?? '').trim());
    } else if (/^\s+\S/.test(line) && key !== '') values.set(key, `${values.get(key) ?? ''};${line.trim()}`);
  }
  return { kind: 'pyxll', ...present(values.get('PYTHON executable'), modulesOf(values.get('PYXLL modules'))) };
}

function modulesOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(/[;,\s]+/)
    .filter((name) => /^[\w.]+$/.test(name))
    .slice(0, MAX_MODULES);
}

function present(interpreter: string | undefined, modules: string[]): Pick<ReferenceFound, 'interpreter' | 'modules'> {
  return {
    ...(interpreter === undefined || interpreter === '' ? {} : { interpreter }),
    ...(modules.length === 0 ? {} : { modules }),
  };
}
