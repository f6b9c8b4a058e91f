import { isStandardLibrary } from '../packages/standard-library.ts';
import type { CallModel } from './call-model.ts';
import { argumentOf, type CallFact } from './facts.ts';
import type { Interpreter } from './interpreter.ts';
import { textOrHole } from './text-template.ts';
import {
  BY_NEARNESS,
  CLEAN,
  joinTaint,
  sourceOf,
  type Taint,
  THROUGH_UNKNOWN,
  type Thing,
  taintOf,
  Value,
  weakened,
} from './value.ts';

/** Keywords that carry credentials or settings, never the data that is sent. */
const SETTING_KEYWORDS = new Set(
  (
    'auth headers cookies timeout verify cert proxies allow_redirects stream api_key apikey key token password passwd ' +
    'secret username user credentials client_id client_secret access_token encoding mode model temperature max_tokens ' +
    'aws_access_key_id aws_secret_access_key region_name base_url endpoint session context ssl index header sep'
  ).split(' '),
);

/** Keys of dictionaries under which credentials travel. */
const CREDENTIAL_KEY =
  /^(?:x-)?(?:api[-_]?key|appid|app_id|access[-_]?token|token|auth[-_]?token|authorization|key|secret|client_secret|password|passwd|pwd|apikey|user|username|login|email)$/i;

/** What an argument carries, without the credentials in it. */
function dataTaint(value: Value): Taint {
  if (value.thing === undefined || value.thing.fields.size === 0) return taintOf(value);
  let taint = joinTaint(value.taint, value.thing.taint);
  for (const [key, field] of value.thing.fields) {
    if (!CREDENTIAL_KEY.test(key)) taint = joinTaint(taint, dataTaint(field));
  }
  return taint;
}

/** Statements whose parameters only choose rows. */
const READING_SQL = /^\s{0,200}(?:select|with|pragma|show|describe|explain)\b/i;

/** Whether it is known what a call does with data: by a model, or because the language itself brings it. */
export function isKnownCall(at: Interpreter, name: string): boolean {
  if (name.startsWith('?')) return false;
  const dot = name.indexOf('.');
  if (dot < 0) return true;
  const root = name.slice(0, dot);
  return BUILT_IN_TYPES.has(root) || isStandardLibrary(root) || at.run.knowledge.modelOf(name) !== undefined;
}

/** Types of the language, by which methods of its values are named. */
const BUILT_IN_TYPES = new Set(
  'str bytes bytearray int float list tuple dict set frozenset range enumerate zip map filter io plain'.split(' '),
);

interface LibraryCall extends CallFact {
  readonly receiver: Value | undefined;
  readonly method: string;
}

/**
 * A file opened for writing that is handed to a call gets what the call handles: `json.dump(rows, file)`,
 * `item.download(file)`, `ftp.retrbinary(command, file.write)`.
 */
export function passesFile(at: Interpreter, call: LibraryCall, taint: Taint): void {
  if (taint.length === 0) return;
  const isKnown = isKnownCall(at, call.name);
  for (const value of [...call.args, ...call.keywords.values()]) {
    const thing = value.thing;
    if (thing?.file === undefined || !thing.file.isWritten) continue;
    const passed = isKnown ? taint : weakened(taint, BY_NEARNESS);
    thing.taint = joinTaint(thing.taint, passed);
    at.run.write(thing.file.path, passed);
    at.run.sink(call.node, 'files.write', passed, thing.file.path);
  }
}

function sentTaint(call: LibraryCall, model: CallModel, receiverTaint: Taint): Taint {
  let taint = model.sendsReceiver === true ? receiverTaint : CLEAN;
  call.args.forEach((value, position) => {
    if (position === model.writes?.[0] && model.positions === undefined) return;
    if (model.positions !== undefined && !model.positions.includes(position)) return;
    taint = joinTaint(taint, contentTaint(value, model, position));
  });
  for (const [name, value] of call.keywords) {
    if (model.writes?.includes(name) === true) continue;
    const isSent = model.keywords === undefined ? !SETTING_KEYWORDS.has(name) : model.keywords.includes(name);
    if (isSent) taint = joinTaint(taint, contentTaint(value, model, name));
  }
  return taint;
}

/** What an argument carries as content: an address only stands beside it. */
function contentTaint(value: Value, model: CallModel, place: number | string): Taint {
  const taint = dataTaint(value);
  return model.addresses?.includes(place) === true ? weakened(taint, BY_NEARNESS) : taint;
}

/** Paths in an argument: a text, or texts in a list. */
function pathsOf(value: Value | undefined): Value[] {
  if (value === undefined) return [];
  if (value.items !== undefined) return value.items.filter((item) => item.text !== undefined);
  return [value];
}

function isPath(value: Value): boolean {
  return (
    value.thing?.file === undefined && value.type !== 'plain' && value.type !== 'dict' && value.items === undefined
  );
}

/** What the file at a path brings along when a call reads it by itself. */
function readTaint(at: Interpreter, call: LibraryCall, model: CallModel): Taint {
  if (model.reads === undefined) return CLEAN;
  const [position, ...names] = model.reads;
  let taint: Taint = CLEAN;
  for (const path of pathsOf(argumentOf(call, position, ...names))) {
    if (!isPath(path)) continue;
    const text = textOrHole(path);
    taint = joinTaint(taint, joinTaint(at.run.writtenTo(text), at.run.source(call.node, 'files.read', text)));
  }
  return taint;
}

function detailOf(call: LibraryCall, model: CallModel): string | undefined {
  const named = model.detail ?? model.writes;
  if (named === undefined) {
    const url = [...call.args.slice(0, 2), call.keywords.get('url')].find(
      (value) => value?.text?.includes('://') === true,
    );
    return url?.text ?? call.args[0]?.text;
  }
  const [position, ...names] = named;
  return argumentOf(call, position, ...names)?.text;
}

/** What a call with a known model is worth; its source, sink and paths are noted. */
export function applyModel(
  at: Interpreter,
  call: LibraryCall,
  model: CallModel,
  argTaint: Taint,
  receiverTaint: Taint,
): Value {
  const { run } = at;
  const { node, receiver } = call;
  // A model that fits by the method's name alone says less.
  const graded = (taint: Taint): Taint => (call.name.startsWith('?') ? weakened(taint, THROUGH_UNKNOWN) : taint);
  const read = readTaint(at, call, model);
  const detail = detailOf(call, model);
  let thing: Thing | undefined;
  const isPathMissing =
    model.sink === 'files.write' && model.writes !== undefined && argumentOf(call, ...model.writes) === undefined;
  const isReading = model.sink === 'db' && READING_SQL.test(call.args[0]?.text ?? '');
  if (model.sink !== undefined && !isPathMissing && !isReading) {
    let sent = graded(joinTaint(sentTaint(call, model, receiverTaint), read));
    // A download to a path: what is fetched is what is written.
    if (model.source !== undefined && model.writes !== undefined) {
      sent = joinTaint(sent, run.source(node, model.source, detail));
    }
    run.sink(node, model.sink, sent, detail);
    if (model.writes !== undefined) {
      const [position, ...names] = model.writes;
      const path = argumentOf(call, position, ...names);
      if (path !== undefined) run.write(textOrHole(path), sent);
    }
  }
  if (model.builds === true && receiver?.thing !== undefined) {
    receiver.thing.taint = joinTaint(receiver.thing.taint, joinTaint(argTaint, read));
  }
  let taint: Taint = CLEAN;
  if (model.source !== undefined) {
    taint = receiverTaint;
    const isCarried = receiverTaint.some((id) => run.facts.sources[sourceOf(id)]?.kind === model.source);
    if (!isCarried) taint = joinTaint(taint, graded(run.source(node, model.source, detail)));
    const path =
      model.detail === undefined ? undefined : argumentOf(call, model.detail[0], ...model.detail.slice(1).map(String));
    if (path?.text !== undefined || path?.type === '?') taint = joinTaint(taint, run.writtenTo(textOrHole(path)));
    if (path?.thing?.file !== undefined || path?.type?.startsWith('io.') === true)
      taint = joinTaint(taint, taintOf(path));
  } else if (model.isCleaner !== true && (model.sink === undefined || isPathMissing)) {
    taint = joinTaint(joinTaint(argTaint, receiverTaint), read);
  } else if (model.sink !== undefined && model.isPart === true) taint = receiverTaint;
  if (model.isPart === true && receiver?.thing !== undefined) thing = receiver.thing;
  else {
    thing = run.thingAt(node);
    if (receiver === undefined && call.args[0]?.thing?.file !== undefined) thing.inner = call.args[0].thing;
  }
  return new Value(run.idOf(node), { type: model.returns ?? call.name, taint, thing });
}
