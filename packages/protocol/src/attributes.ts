import { z } from 'zod';
import type { Sensitivity } from './field.ts';

/** Type of an attribute's value. `int` stays within ±2^53. */
export type AttributeType = 'string' | 'int' | 'double' | 'boolean' | 'string[]';

/** One entry of the attribute dictionary. */
export interface AttributeDefinition {
  readonly type: AttributeType;
  readonly description: string;
  readonly sensitivity: Sensitivity;
  /** Unit in UCUM notation, where the value has one. */
  readonly unit?: string;
  /** The standard that the name comes from; `sentinel` where no standard has one. */
  readonly source: string;
}

const OTEL = 'OpenTelemetry semantic conventions 1.44';
const OURS = 'sentinel';

/**
 * The attribute dictionary: every attribute an activity or a run may carry.
 *
 * Names are OpenTelemetry's where it has one, else `sentinel.*`. An attribute that is not listed
 * here is kept at ingest under `unmapped`, never shown as if it were known.
 */
export const attributes = {
  'file.path': entry('string', 'Absolute path of the file.', 'internal', OTEL),
  'file.size': entry('int', 'Size of the file when the run last touched it.', 'internal', OTEL, 'By'),
  'sentinel.file.operation': entry('string', 'read, write, append, create, delete, rename, truncate.', 'public', OURS),
  'sentinel.file.path.target': entry('string', 'New path of a renamed file.', 'internal', OURS),

  'sentinel.module.name': entry('string', 'Top-level name of the imported module.', 'public', OURS),
  'sentinel.module.path': entry('string', 'File that the module was loaded from.', 'internal', OURS),
  'sentinel.module.kind': entry('string', 'stdlib, distribution, local or builtin.', 'public', OURS),
  'sentinel.distribution.name': entry(
    'string',
    'Distribution that provides the module, normalised.',
    'public',
    'PEP 503',
  ),
  'sentinel.distribution.version': entry('string', 'Version of that distribution.', 'public', 'PEP 440'),

  'server.address': entry(
    'string',
    'Host name of the peer, or its IP address where no name was seen.',
    'internal',
    OTEL,
  ),
  'server.port': entry('int', 'Port of the peer.', 'public', OTEL),
  'network.peer.address': entry('string', 'IP address of the peer, or path of a Unix socket.', 'internal', OTEL),
  'network.transport': entry('string', 'tcp, udp or unix.', 'public', OTEL),
  'network.local.address': entry('string', 'Address that a listener is bound to.', 'internal', OTEL),
  'network.local.port': entry('int', 'Port that a listener is bound to.', 'public', OTEL),

  'http.request.method': entry('string', 'HTTP method, upper case.', 'public', OTEL),
  'http.response.status_code': entry('int', 'Status of the last response to this target.', 'public', OTEL),
  'url.scheme': entry('string', 'http or https.', 'public', OTEL),
  'url.template': entry(
    'string',
    'Path with digits and long ids folded to placeholders; never a query string.',
    'internal',
    OTEL,
  ),

  'process.executable.path': entry('string', 'Path of the program.', 'internal', OTEL),
  'process.executable.name': entry('string', 'File name of the program.', 'internal', OTEL),
  'process.args_count': entry('int', 'Number of arguments, the program included.', 'public', OTEL),
  'sentinel.process.argument_shape': entry(
    'string',
    'Kinds of the arguments (flag, path, url, number, text), never their values.',
    'public',
    OURS,
  ),
  'sentinel.process.launcher': entry(
    'string',
    'Call that launched the program, such as subprocess.Popen or os.system.',
    'public',
    OURS,
  ),
  'sentinel.process.shell': entry('boolean', 'Whether a shell interprets the command.', 'public', OURS),
  'process.pid': entry('int', 'Process id.', 'public', OTEL),
  'process.parent_pid': entry('int', 'Process id of the parent.', 'public', OTEL),
  'process.working_directory': entry('string', 'Working directory at the start of the run.', 'internal', OTEL),
  'process.runtime.name': entry('string', 'Implementation of the interpreter: cpython, pypy.', 'public', OTEL),
  'process.runtime.version': entry('string', 'Version of the interpreter.', 'public', OTEL),
  'process.user.id': entry('int', 'Numeric user id, where the system has one.', 'internal', OTEL),
  'process.user.name': entry('string', 'Account name that the run belongs to.', 'internal', OTEL),

  'db.system.name': entry('string', 'Database product: sqlite, postgresql, oracle.db.', 'public', OTEL),
  'db.namespace': entry('string', 'Database name; for SQLite the path of the file.', 'internal', OTEL),
  'db.operation.name': entry('string', 'Kind of the statement: SELECT, INSERT, UPDATE, DELETE, DDL.', 'public', OTEL),
  'db.collection.name': entry('string', 'Tables of the statement, comma-separated, sorted.', 'internal', OTEL),
  'db.query.summary': entry('string', 'Statement with every literal replaced by a placeholder.', 'internal', OTEL),

  'error.type': entry('string', 'Class of the error.', 'public', OTEL),

  'sentinel.run.id': entry('string', 'Id of the run (UUIDv7).', 'public', OURS),
  'sentinel.run.parent_id': entry('string', 'Id of the run that forked this one.', 'public', OURS),
  'sentinel.run.start_kind': entry('string', 'start or fork.', 'public', OURS),
  'sentinel.run.exit_route': entry('string', 'How the run ended; see the run shape.', 'public', OURS),
  'sentinel.run.exit_code': entry('int', 'Exit code, where the run could know it.', 'public', OURS),
  'sentinel.run.exit_signal': entry('string', 'Signal that ended the run, told by whoever started it.', 'public', OURS),
  'sentinel.run.cpu_user_ms': entry('double', 'Processor time in user mode.', 'public', OURS, 'ms'),
  'sentinel.run.cpu_system_ms': entry('double', 'Processor time in system mode.', 'public', OURS, 'ms'),
  'sentinel.run.peak_memory_bytes': entry(
    'int',
    'Largest resident memory; absent for a run of under 20 ms.',
    'public',
    OURS,
    'By',
  ),
  'sentinel.script.kind': entry(
    'string',
    'file, module, command, stdin, interactive, archive or embedded.',
    'public',
    OURS,
  ),
  'sentinel.script.path': entry('string', 'Absolute path of the script, where it has one.', 'internal', OURS),
  'sentinel.script.module': entry('string', 'Module name of a run started with -m.', 'internal', OURS),
  'sentinel.script.sha256': entry('string', 'SHA-256 of the source, where the probe could take it.', 'public', OURS),
  'sentinel.interpreter.prefix': entry('string', 'sys.prefix: folder of the environment.', 'internal', OURS),
  'sentinel.interpreter.base_prefix': entry(
    'string',
    'sys.base_prefix: folder of the base interpreter.',
    'internal',
    OURS,
  ),
  'sentinel.probe.version': entry('string', 'Version of the probe.', 'public', OURS),
  'sentinel.probe.guard_mode': entry('string', 'audit or doors.', 'public', OURS),
  'sentinel.probe.dropped': entry('int', 'Activities the probe could not keep.', 'public', OURS),
  'sentinel.probe.errors': entry('int', 'Faults of the probe that it survived.', 'public', OURS),
} as const satisfies Record<string, AttributeDefinition>;

/** Name of an attribute of the dictionary. */
export type AttributeName = keyof typeof attributes;

/** Value of an attribute. */
export const AttributeValue = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]);
export type AttributeValue = z.infer<typeof AttributeValue>;

/** Attributes by dotted name. */
export const Attributes = z.record(z.string(), AttributeValue);
export type Attributes = z.infer<typeof Attributes>;

/** Whether the dictionary knows the name. */
export function isAttributeName(name: string): name is AttributeName {
  return Object.hasOwn(attributes, name);
}

/**
 * Reads an attribute's text form, as the probe writes it, into its dictionary type.
 * A text that does not fit the type comes back unchanged: nothing observed is thrown away.
 */
export function parseAttribute(name: AttributeName, text: string): AttributeValue {
  const type: AttributeType = attributes[name].type;
  switch (type) {
    case 'int': {
      const value = Number(text);
      return Number.isSafeInteger(value) && text.trim() !== '' ? value : text;
    }
    case 'double': {
      const value = Number(text);
      return Number.isFinite(value) && text.trim() !== '' ? value : text;
    }
    case 'boolean':
      return text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : text;
    case 'string[]':
      return text === '' ? [] : text.split(',');
    case 'string':
      return text;
    default:
      return type satisfies never;
  }
}

function entry(
  type: AttributeType,
  description: string,
  sensitivity: Sensitivity,
  source: string,
  unit?: string,
): AttributeDefinition {
  return unit === undefined
    ? { type, description, sensitivity, source }
    : { type, description, sensitivity, source, unit };
}
