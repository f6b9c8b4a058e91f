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
const OTEL_AI = 'OpenTelemetry semantic conventions for generative AI 1.42';
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
  'sentinel.file.role': entry('string', 'log, where a logging library opened the file.', 'public', OURS),
  'sentinel.file.place': entry(
    'string',
    'Kind of place that the path lies in, added by the reader: personal_cloud, company_cloud, share, removable, temp, downloads, desktop, documents, home or system; absent for any other folder.',
    'public',
    OURS,
  ),
  'sentinel.file.provider': entry(
    'string',
    'Sync client whose folder the path lies in: onedrive, dropbox.',
    'public',
    OURS,
  ),

  'code.file.path': entry(
    'string',
    "Source file of the nearest frame of the user's code; absent where that is the script itself.",
    'internal',
    OTEL,
  ),
  'code.line.number': entry('int', "Line of the nearest frame of the user's code.", 'public', OTEL),
  'sentinel.source.libraries': entry(
    'string[]',
    "Libraries between the user's code and the activity, outermost first.",
    'public',
    OURS,
  ),

  'sentinel.library.name': entry('string', 'Import name of the library that did it.', 'public', OURS),
  'sentinel.document.format': entry('string', 'xlsx, xls, xlsb, csv, parquet, docx, pdf and so on.', 'public', OURS),
  'sentinel.document.sheets': entry('int', 'Sheets of the workbook.', 'public', OURS),
  'sentinel.document.columns': entry('int', 'Most columns that a table had.', 'public', OURS),
  'sentinel.document.pages': entry('int', 'Pages of the document.', 'public', OURS),

  'sentinel.com.prog_id': entry('string', 'ProgID, class id or moniker kind of the COM object.', 'public', OURS),
  'sentinel.com.member': entry('string', 'Method or property taken, or the call that made the object.', 'public', OURS),
  'sentinel.desktop.kind': entry(
    'string',
    'mouse, keyboard, keyboard_hook, mouse_hook, clipboard_read, clipboard_write, screenshot, window or browser.',
    'public',
    OURS,
  ),

  'sentinel.mail.domains': entry(
    'string[]',
    'Domains of the recipients, never the part before the @.',
    'internal',
    OURS,
  ),
  'sentinel.mail.recipients': entry('int', 'Recipients of all messages together.', 'public', OURS),
  'sentinel.mail.attachments': entry('int', 'Attachments of all messages together.', 'public', OURS),

  'cloud.provider': entry('string', 'aws, gcp, azure, dropbox.', 'public', OTEL),
  'sentinel.storage.operation': entry('string', 'Operation as the library names it.', 'public', OURS),
  'sentinel.storage.service': entry('string', 'Service of the provider, such as s3.', 'public', OURS),
  'sentinel.storage.container': entry(
    'string',
    'Bucket, container or account; never the name of an object.',
    'internal',
    OURS,
  ),

  'sentinel.code.kind': entry(
    'string',
    'text, code_object, module_file, pickle, marshal, native_library or injection.',
    'public',
    OURS,
  ),
  'sentinel.code.name': entry('string', 'Class, library or file name of what was loaded.', 'internal', OURS),
  'sentinel.tamper.kind': entry(
    'string',
    'What was reached for: an audit event or a part of the probe.',
    'public',
    OURS,
  ),

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
  'dns.question.name': entry('string', 'Name that was looked up.', 'internal', OTEL),
  'sentinel.network.library': entry(
    'string',
    'Native library that carries the traffic where the interpreter does not see its bytes: libcurl, grpc.',
    'public',
    OURS,
  ),
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
  'sentinel.process.kind': entry(
    'string',
    'Kind of the program by its name, added by the reader: shell, python, installer, browser, office, transfer, archive.',
    'public',
    OURS,
  ),
  'sentinel.package.names': entry(
    'string[]',
    'Packages that an installer (pip, uv, poetry, conda) was told to install, with their version specifiers.',
    'public',
    OURS,
  ),
  'sentinel.package.release': entry(
    'string',
    'Normalised name and version of a distribution, as in requests==2.32.5; absent while the version is not known.',
    'public',
    'PEP 440',
  ),
  'sentinel.package.installer': entry('string', 'Program that installs: pip, uv, poetry, pdm, conda.', 'public', OURS),
  'sentinel.package.source': entry(
    'string',
    'How an installer has a distribution: index, url, path, vcs; request where only the order to the installer was seen.',
    'public',
    OURS,
  ),
  'process.pid': entry('int', 'Process id.', 'public', OTEL),
  'process.parent_pid': entry('int', 'Process id of the parent.', 'public', OTEL),
  'process.working_directory': entry('string', 'Working directory at the start of the run.', 'internal', OTEL),
  'process.runtime.name': entry('string', 'Implementation of the interpreter: cpython, pypy.', 'public', OTEL),
  'process.runtime.version': entry('string', 'Version of the interpreter.', 'public', OTEL),
  'process.user.id': entry('int', 'Numeric user id, where the system has one.', 'internal', OTEL),
  'process.user.name': entry('string', 'Account name that the run belongs to.', 'internal', OTEL),

  'gen_ai.provider.name': entry(
    'string',
    'Provider of the model, from host and path: openai, anthropic, gcp.gemini, aws.bedrock; openai_compatible where only the path is known.',
    'public',
    OTEL_AI,
  ),
  'gen_ai.operation.name': entry('string', 'chat, text_completion, embeddings, generate_content.', 'public', OTEL_AI),
  'gen_ai.request.model': entry('string', 'Model or deployment that was asked for.', 'internal', OTEL_AI),
  'gen_ai.response.model': entry('string', 'Model that the last response named.', 'internal', OTEL_AI),
  'gen_ai.usage.input_tokens': entry(
    'int',
    'Input tokens as the provider counted them; total of all calls.',
    'public',
    OTEL_AI,
    '{token}',
  ),
  'gen_ai.usage.output_tokens': entry(
    'int',
    'Output tokens as the provider counted them, thoughts included; total of all calls.',
    'public',
    OTEL_AI,
    '{token}',
  ),
  'gen_ai.usage.cache_read.input_tokens': entry(
    'int',
    'Input tokens read from the cache of the provider; total of all calls.',
    'public',
    OTEL_AI,
    '{token}',
  ),
  'gen_ai.usage.cache_creation.input_tokens': entry(
    'int',
    'Input tokens written to the cache of the provider; total of all calls.',
    'public',
    OTEL_AI,
    '{token}',
  ),
  'gen_ai.tool.name': entry('string', 'Tool that was called.', 'internal', OTEL_AI),
  'mcp.method.name': entry(
    'string',
    'Method of the Model Context Protocol: tools/call, initialize.',
    'public',
    OTEL_AI,
  ),
  'sentinel.mcp.server': entry(
    'string',
    'Name that the MCP server gave itself, or of its package or script where a program looks like one by its command.',
    'internal',
    OURS,
  ),
  'sentinel.ai.streaming': entry('boolean', 'Whether a stream of parts was asked for.', 'public', OURS),
  'sentinel.ai.prompt_characters': entry(
    'int',
    'Characters of text in the prompts, earlier turns and instructions included; total of all calls.',
    'public',
    OURS,
  ),
  'sentinel.ai.attachments': entry(
    'int',
    'Images, documents and sound files that went with the prompts; total of all calls.',
    'public',
    OURS,
  ),
  'sentinel.ai.tools': entry('int', 'Most tools that one call offered to the model.', 'public', OURS),
  'sentinel.ai.tool_calls': entry('int', 'Tool calls that the model asked for; total of all calls.', 'public', OURS),
  'sentinel.ai.secret_kinds': entry(
    'string[]',
    'Kinds of credentials found in the prompts; never a value.',
    'internal',
    OURS,
  ),
  'sentinel.ai.pii_kinds': entry(
    'string[]',
    'Kinds of personal data found in the prompts; never a value.',
    'internal',
    OURS,
  ),
  'sentinel.ai.prompt_cut': entry(
    'boolean',
    'Whether a prompt was too long to be read to its end: 1 MB, 16 MB where policies decide.',
    'public',
    OURS,
  ),
  'sentinel.ai.unread': entry(
    'string',
    'Why tokens are missing: encoding that could not be read, no usage in the response, or body too large.',
    'public',
    OURS,
  ),

  'db.system.name': entry('string', 'Database product: sqlite, postgresql, oracle.db.', 'public', OTEL),
  'db.namespace': entry('string', 'Database name; for SQLite the path of the file.', 'internal', OTEL),
  'db.operation.name': entry('string', 'Kind of the statement: SELECT, INSERT, UPDATE, DELETE, DDL.', 'public', OTEL),
  'db.collection.name': entry('string', 'Tables of the statement, comma-separated, sorted.', 'internal', OTEL),
  'db.query.summary': entry('string', 'Statement with every literal replaced by a placeholder.', 'internal', OTEL),
  'sentinel.db.user': entry('string', 'Account that the connection belongs to.', 'internal', OURS),

  'error.type': entry('string', 'Class of the error.', 'public', OTEL),

  'sentinel.notebook.cell': entry(
    'string',
    'Id that the notebook gives the cell; without one, its number among the cells of the run.',
    'public',
    OURS,
  ),
  'sentinel.notebook.cell_lines': entry('int', 'Lines of the cell when it first ran.', 'public', OURS),
  'sentinel.notebook.execution_count': entry('int', 'Number of its last execution.', 'public', OURS),

  'sentinel.decision.effect': entry('string', 'Effect of the policy that decided.', 'public', OURS),
  'sentinel.decision.disposition': entry('string', 'allowed, blocked, corrected or logged.', 'public', OURS),
  'sentinel.decision.policy': entry('string', 'Policy that decided.', 'public', OURS),
  'sentinel.decision.statement': entry('string', 'Statement within the policy.', 'public', OURS),
  'sentinel.decision.reason': entry('string', 'Explanation for the person at the keyboard.', 'internal', OURS),

  'sentinel.run.id': entry('string', 'Id of the run (UUIDv7).', 'public', OURS),
  'sentinel.run.parent_id': entry('string', 'Id of the run that forked this one.', 'public', OURS),
  'sentinel.run.start_kind': entry(
    'string',
    'start, fork, or attach: the probe came while the run went on.',
    'public',
    OURS,
  ),
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
    'file, module, command, stdin, interactive, archive, notebook or embedded.',
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
  'sentinel.probe.id_bound': entry(
    'boolean',
    'Whether the run calls id() so often that it is better watched in guard mode doors.',
    'public',
    OURS,
  ),
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
