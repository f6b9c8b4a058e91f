import { memberName } from './dotted-name.ts';
import { argumentOf, type CallFact } from './facts.ts';
import type { Interpreter } from './interpreter.ts';
import { KEEPING_METHODS } from './python-names.ts';
import { cutText, formatBraces, joinPath, textOrHole } from './text-template.ts';
import { CLEAN, joinTaint, joinValues, type Scope, type Taint, taintOf, UNKNOWN, Value } from './value.ts';

interface BuiltInCall extends CallFact {
  readonly receiver: Value | undefined;
  readonly method: string;
}

/** Functions that open a file; position of path and mode. */
const OPENERS: ReadonlySet<string> = new Set([
  'open',
  'io.open',
  'codecs.open',
  'file',
  'aiofiles.open',
  'gzip.open',
  'bz2.open',
  'lzma.open',
  'os.fdopen',
  'smart_open.open',
]);

/** Functions that pack several texts into a path. */
const PATH_JOINERS: ReadonlySet<string> = new Set(['os.path.join', 'posixpath.join', 'ntpath.join']);

/** Functions that give the path back, changed only in form. */
const PATH_KEEPERS: ReadonlySet<string> = new Set([
  'os.path.abspath',
  'os.path.realpath',
  'os.path.normpath',
  'os.path.expanduser',
  'os.path.expandvars',
  'os.fspath',
  'str',
  'unicode',
]);

const PATH_CLASSES: ReadonlySet<string> = new Set([
  'pathlib.Path',
  'pathlib.PurePath',
  'pathlib.PosixPath',
  'pathlib.WindowsPath',
  'pathlib.PureWindowsPath',
  'anyio.Path',
]);

/** A file opened by the script. */
export function openFile(at: Interpreter, call: CallFact, path: Value, mode: string): Value {
  const { run } = at;
  const thing = run.thingAt(call.node);
  const isWritten = /[wax+]/.test(mode);
  const isRead = !isWritten || mode.includes('+') || mode.includes('r');
  const text = textOrHole(path);
  thing.file = { path: text, isRead, isWritten };
  if (isRead) {
    thing.taint = joinTaint(thing.taint, run.source(call.node, 'files.read', text));
    thing.taint = joinTaint(thing.taint, run.writtenTo(text));
  }
  return run.valueAt(call.node, { type: 'io.File', thing });
}

function fileMethod(at: Interpreter, call: BuiltInCall): Value | undefined {
  const thing = call.receiver?.thing;
  if (thing?.file === undefined || call.receiver?.type !== 'io.File') return undefined;
  let taint: Taint = CLEAN;
  for (const value of call.args) taint = joinTaint(taint, taintOf(value));
  if (call.method.startsWith('write')) {
    thing.taint = joinTaint(thing.taint, taint);
    at.run.write(thing.file.path, taint);
    at.run.sink(call.node, 'files.write', taint, thing.file.path);
    return UNKNOWN;
  }
  if (call.method.startsWith('read')) return at.run.valueAt(call.node, { taint: thing.taint, type: 'io.File.read' });
  return undefined;
}

function pathMethod(at: Interpreter, call: BuiltInCall): Value | undefined {
  const { run } = at;
  const path = call.receiver;
  if (path?.type !== 'pathlib.Path') return undefined;
  const { node, method } = call;
  const text = textOrHole(path);
  if (method === 'open') return openFile(at, call, path, argumentOf(call, 0, 'mode')?.text ?? 'r');
  if (method === 'joinpath') {
    return run.valueAt(node, { text: joinPath([text, ...call.args.map(textOrHole)]), type: 'pathlib.Path' });
  }
  if (method === 'write_text' || method === 'write_bytes') {
    const data = argumentOf(call, 0, 'data');
    const taint = data === undefined ? CLEAN : taintOf(data);
    run.write(text, taint);
    run.sink(node, 'files.write', taint, text);
    return UNKNOWN;
  }
  if (method === 'read_text' || method === 'read_bytes') {
    return run.valueAt(node, {
      taint: joinTaint(run.source(node, 'files.read', text), run.writtenTo(text)),
      type: method === 'read_text' ? 'str' : 'bytes',
    });
  }
  if (method === 'glob' || method === 'rglob' || method === 'iterdir') {
    return run.valueAt(node, { type: 'pathlib.Path', taint: path.taint });
  }
  if (method === 'with_suffix') {
    const suffix = call.args[0];
    return run.valueAt(node, {
      text: text.replace(/\.[^./\\]{1,12}$/, '') + (suffix === undefined ? '' : textOrHole(suffix)),
      type: 'pathlib.Path',
    });
  }
  if (method === 'with_name') {
    return run.valueAt(node, {
      text: joinPath([text.slice(0, text.lastIndexOf('/') + 1), ...call.args.map(textOrHole)]),
      type: 'pathlib.Path',
    });
  }
  if (KEEPING_METHODS.has(method)) return path;
  return undefined;
}

function textMethod(at: Interpreter, call: BuiltInCall): Value | undefined {
  const text = call.receiver?.text;
  if (text === undefined || call.receiver === undefined || call.receiver.type === 'pathlib.Path') return undefined;
  let taint = taintOf(call.receiver);
  for (const value of call.args) taint = joinTaint(taint, taintOf(value));
  for (const value of call.keywords.values()) taint = joinTaint(taint, taintOf(value));
  const make = (result: string): Value => at.run.valueAt(call.node, { text: cutText(result), taint });
  const [first, second] = call.args;
  switch (call.method) {
    case 'format':
      return make(formatBraces(text, call.args, call.keywords));
    case 'join':
      return make(
        first?.items !== undefined && first.type !== 'list_comprehension' && first.items.length < 100
          ? first.items.map(textOrHole).join(text)
          : first === undefined
            ? text
            : textOrHole(new Value(first.id, {})),
      );
    case 'replace':
      return first?.text !== undefined && first.text !== '' && second?.text !== undefined
        ? make(text.replaceAll(first.text, second.text))
        : make(text);
    case 'lower':
      return make(text.toLowerCase());
    case 'upper':
      return make(text.toUpperCase());
    case 'split':
    case 'splitlines':
      return at.run.valueAt(call.node, { taint, type: 'list' });
    default:
      return KEEPING_METHODS.has(call.method) ? make(text) : undefined;
  }
}

function importByName(at: Interpreter, call: BuiltInCall): Value {
  const { run } = at;
  const name = call.args[0]?.text;
  if (name === undefined) {
    run.unresolvedCall(call.node, 'module imported by a computed name');
    return UNKNOWN;
  }
  run.facts.imports.push({ module: name, name: undefined, node: call.node });
  return run.valueAt(call.node, { ref: call.name === '__import__' ? (name.split('.')[0] ?? name) : name });
}

function getMember(at: Interpreter, call: BuiltInCall): Value {
  const [object, name, fallback] = call.args;
  if (object === undefined || name?.text === undefined) {
    at.run.unresolvedCall(call.node, 'member taken by a computed name');
    return at.run.unknownAt(call.node, object === undefined ? CLEAN : taintOf(object));
  }
  const member = at.memberOf(call.node, object, name.text);
  return fallback === undefined ? member : joinValues(fallback, member);
}

/** Calls of the language itself and of the standard library that shape values; undefined for all others. */
export function callBuiltIn(at: Interpreter, call: BuiltInCall, scope: Scope): Value | undefined {
  const { run } = at;
  const { name, node, args } = call;
  const fromReceiver = fileMethod(at, call) ?? pathMethod(at, call) ?? textMethod(at, call);
  if (fromReceiver !== undefined) return fromReceiver;
  if (OPENERS.has(name)) {
    const path = argumentOf(call, 0, 'file', 'filename') ?? UNKNOWN;
    return openFile(at, call, path, argumentOf(call, 1, 'mode')?.text ?? 'r');
  }
  if (PATH_JOINERS.has(name)) {
    let taint: Taint = CLEAN;
    for (const value of args) taint = joinTaint(taint, value.taint);
    return run.valueAt(node, { text: joinPath(args.map(textOrHole)), taint });
  }
  if (PATH_KEEPERS.has(name)) {
    const first = args[0];
    if (first === undefined) return run.valueAt(node, { text: '' });
    return new Value(first.id, {
      text: first.text,
      type: first.text === undefined ? 'str' : undefined,
      taint: taintOf(first),
    });
  }
  if (PATH_CLASSES.has(name)) {
    return run.valueAt(node, {
      text: args.length === 0 ? '.' : joinPath(args.map(textOrHole)),
      type: 'pathlib.Path',
      taint: args.length === 0 ? CLEAN : taintOf(args[0] ?? UNKNOWN),
    });
  }
  switch (name) {
    case 'pathlib.Path.home':
    case 'pathlib.Path.cwd':
      return run.valueAt(node, { type: 'pathlib.Path', text: name.endsWith('home') ? '~' : '.' });
    case 'importlib.import_module':
    case '__import__':
      return importByName(at, call);
    case 'getattr':
      return getMember(at, call);
    case 'setattr': {
      const [object, key, value] = args;
      if (object?.thing !== undefined && key?.text !== undefined && value !== undefined) {
        object.thing.fields.set(key.text, value);
      }
      return UNKNOWN;
    }
    case 'super': {
      const self = run.lookup(scope, 'self');
      const base = self?.local?.kind === 'class' ? self.local.baseName : undefined;
      return new Value(self?.id ?? -1, {
        type: base ?? '?super',
        taint: CLEAN,
        thing: self?.thing,
        local: self?.local?.kind === 'class' && self.local.bases[0] !== undefined ? self.local.bases[0] : undefined,
      });
    }
    case 'os.getenv':
    case 'os.environ.get':
      return run.valueAt(node, {
        taint: at.environmentTaint(node, args[0]?.text),
        text: args[1]?.text,
        type: 'os.environ',
      });
    case 'eval':
    case 'exec':
      if (args[0]?.text === undefined) run.unresolvedCall(node, 'code made at run time');
      return undefined;
    case 'list':
    case 'tuple':
    case 'sorted':
    case 'reversed':
    case 'set':
    case 'iter': {
      const first = args[0];
      if (first === undefined) return run.valueAt(node, { type: 'list', thing: run.thingAt(node) });
      return run.valueAt(node, {
        type: first.type ?? 'list',
        taint: taintOf(first),
        items: first.items,
        thing: run.thingAt(node),
      });
    }
    case 'next':
      return at.elementOf(node, args[0] ?? UNKNOWN);
    case 'enumerate': {
      const first = args[0] ?? UNKNOWN;
      return run.valueAt(node, {
        type: 'enumerate',
        items: [run.valueAt(node, { type: 'tuple', items: [UNKNOWN, at.elementOf(node, first)] })],
      });
    }
    case 'zip':
      return run.valueAt(node, {
        type: 'zip',
        items: [run.valueAt(node, { type: 'tuple', items: args.map((value) => at.elementOf(node, value)) })],
      });
    case 'dict': {
      const thing = run.thingAt(node);
      for (const [key, value] of call.keywords) thing.fields.set(key, value);
      for (const value of args) thing.taint = joinTaint(thing.taint, taintOf(value));
      return run.valueAt(node, { type: 'dict', thing });
    }
    default:
      break;
  }
  if (call.method === 'get' && call.receiver?.type === 'dict' && args[0]?.text !== undefined) {
    const field = call.receiver.thing?.fields.get(args[0].text);
    if (field !== undefined) return field;
  }
  if (call.method === 'items' && call.receiver?.type === 'dict') {
    return run.valueAt(node, { type: memberName('dict', 'items'), taint: taintOf(call.receiver) });
  }
  return undefined;
}
