import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SentinelError } from '@sentinel/protocol';
import { decodeBatch, encodeBatch } from '../../../packages/agent/src/batch-file.ts';
import { buildAdvisoryData } from '../../../packages/analyser/src/advisories/build-advisory-data.ts';
import {
  BundleRefused,
  openBundle,
  publicKeyText,
  readTar,
  writeBundle,
} from '../../../packages/analyser/src/advisories/index.ts';
import { readZip } from '../../../packages/analyser/src/archives/read-zip.ts';
import { makeZip } from '../../../packages/analyser/src/archives/zip-for-tests.ts';
import { sampleFile } from '../../../packages/analyser/src/index.ts';
import { joinCells } from '../../../packages/analyser/src/notebooks/join-cells.ts';
import { readNotebook } from '../../../packages/analyser/src/notebooks/read-notebook.ts';
import { NotText, readSource } from '../../../packages/analyser/src/read-source.ts';
import { LineReader } from '../../../packages/capture/src/line-reader.ts';
import { eventData } from '../../../packages/client/src/event-lines.ts';
import { launcherCommands } from '../../../packages/discovery/src/classify/launcher.ts';
import { splitWords } from '../../../packages/discovery/src/classify/python-command.ts';
import { parsePlist } from '../../../packages/discovery/src/schedules/launchd.ts';
import { parseUnit } from '../../../packages/discovery/src/schedules/systemd.ts';
import { PolicyError } from '../../../packages/policy/src/expression.ts';
import { importSigma, readPolicy, verifyBundle } from '../../../packages/policy/src/index.ts';
import { parseCondition } from '../../../packages/policy/src/parse-condition.ts';
import { ScimError } from '../../../packages/server/src/identity/scim/scim-error.ts';
import { readFilter } from '../../../packages/server/src/identity/scim/scim-filter.ts';
import { patched } from '../../../packages/server/src/identity/scim/scim-patch.ts';
import { ScimPatch, ScimUser } from '../../../packages/server/src/identity/scim/scim-shapes.ts';
import { inflate } from '../../../packages/server/src/ingest/inflate.ts';
import { readBatch } from '../../../packages/server/src/ingest/read-batch.ts';
import { readPeopleCsv } from '../../../packages/server/src/leavers/read-people-csv.ts';
import { readPosition, writePosition } from '../../../packages/server/src/store/page-position.ts';
import { makeActivity, makeBatch, makeRun } from '../../../packages/server/src/testing/rows.ts';

/** A parser of bytes from outside. */
export interface FuzzTarget {
  readonly name: string;
  /** Inputs that are fine, or nearly. */
  readonly seeds: readonly Buffer[];
  /** Reads the bytes; whatever it answers is fine. */
  readonly parse: (bytes: Buffer) => unknown;
  /** Whether its callers know what to do with this error. */
  readonly isExpected: (error: unknown) => boolean;
}

const POLICIES = join(import.meta.dirname, '../../../policies');
const NOW_MS = Date.UTC(2026, 10, 20);
const never = () => false;
const isPlainError = (error: unknown) => (error as Error).constructor === Error;

/** Every parser of bytes that come from other computers, people or files. */
export async function fuzzTargets(): Promise<readonly FuzzTarget[]> {
  return [...ofServer(), ...(await ofPolicies()), ...ofAdvisories(), ...(await ofEndpoints())];
}

function ofServer(): FuzzTarget[] {
  const run = makeRun();
  const batch = Buffer.from(JSON.stringify(makeBatch({ runs: [run], activities: [makeActivity(run.id, 1)] })));
  const isRefusal = (error: unknown) => error instanceof SentinelError;
  const patches = [
    { Operations: [{ op: 'replace', path: 'active', value: false }] },
    { Operations: [{ op: 'Add', path: 'members[value eq "a"].display', value: 'x' }] },
    {
      Operations: [
        { op: 'remove', path: 'emails[type eq "work"]' },
        { op: 'add', value: { userName: 'b' } },
      ],
    },
  ];
  return [
    {
      name: 'batch',
      seeds: [batch],
      parse: (bytes) => readBatch(bytes, Date.now()),
      isExpected: isRefusal,
    },
    {
      name: 'gzip of a batch',
      seeds: [gzipSync(batch), gzipSync(Buffer.alloc(100_000))],
      parse: async (bytes) => readBatch(await inflate(bytes, 'gzip'), Date.now()),
      isExpected: isRefusal,
    },
    {
      name: 'SCIM filter',
      seeds: texts('userName eq "ann"', 'externalId eq "a\\"b"', 'members.value EQ "1"'),
      parse: (bytes) => readFilter(bytes.toString(), ['userName', 'externalId', 'members.value']),
      isExpected: (error) => error instanceof ScimError,
    },
    {
      name: 'SCIM patch',
      seeds: patches.map((patch) => Buffer.from(JSON.stringify(patch))),
      parse: (bytes) => {
        const patch = ScimPatch.safeParse(json(bytes));
        const user = { userName: 'ann', emails: [{ type: 'work', value: 'a@b.example' }], members: [{ value: 'a' }] };
        return patch.success ? ScimUser.safeParse(patched(user, patch.data)) : undefined;
      },
      isExpected: (error) => error instanceof ScimError,
    },
    {
      name: 'personnel list (CSV)',
      seeds: texts(
        'userName;displayName;department;status;leftAt\nann;"Ann ""A"" Bell";IT;left;2026-01-31\nbob;Bob;;active;\n',
        '\uFEFFlogin,name,end date\r\nann,Ann,31.01.2026\r\n',
      ),
      parse: (bytes) => readPeopleCsv(bytes.toString(), NOW_MS),
      isExpected: isPlainError,
    },
    {
      name: 'cursor of a page',
      seeds: texts(writePosition(NOW_MS, 'an-id')),
      parse: (bytes) => readPosition(bytes.toString()),
      isExpected: isRefusal,
    },
    {
      name: 'server-sent events',
      seeds: texts('event: run\ndata: {"id":1}\n\n: beat\r\ndata:a\rdata: b\r\n\r\n'),
      parse: async (bytes) => {
        const cut = Math.floor(bytes.length / 3);
        const body = new Blob([new Uint8Array(bytes.subarray(0, cut)), new Uint8Array(bytes.subarray(cut))]).stream();
        for await (const _ of eventData(body));
      },
      isExpected: never,
    },
  ];
}

async function ofPolicies(): Promise<FuzzTarget[]> {
  const policies = readdirSync(POLICIES)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => readFileSync(join(POLICIES, name)));
  const { publicKey } = generateKeyPairSync('ed25519');
  const trust = {
    organisation: 'acme',
    threshold: 1,
    keys: [{ id: 'a', publicKey: publicKeyText(publicKey) }],
    groups: [],
  };
  const bundle = JSON.stringify({
    payload: Buffer.from(JSON.stringify({ format: 1, version: 3, organisation: 'acme', policies: [] })).toString(
      'base64',
    ),
    signatures: [{ keyId: 'a', signature: Buffer.alloc(64, 7).toString('base64') }],
  });
  const sigma = `title: Reads a key
logsource: {category: file_access, product: linux}
detection:
  selection: {TargetFilename|endswith: ['.pem', '.key']}
  other: {Image|contains: python}
  condition: selection and not (1 of other*)
level: high
`;
  return [
    {
      name: 'policy (YAML)',
      seeds: [...policies, ...texts('id: &a [*a]\n', 'id: *missing\n', '<<: text\n')],
      parse: (bytes) => readPolicy(bytes.toString()),
      isExpected: never,
    },
    {
      name: 'condition of a policy',
      seeds: texts(
        'activity.type == "file.open" && path.endsWith(".csv") || !(rows > 1000)',
        'target in ["a", "b"] && count >= 3',
      ),
      parse: (bytes) => parseCondition(bytes.toString()),
      isExpected: (error) => error instanceof PolicyError,
    },
    {
      name: 'signed bundle of policies',
      seeds: texts(bundle),
      parse: (bytes) => verifyBundle(bytes.toString(), trust as unknown as Parameters<typeof verifyBundle>[1], NOW_MS),
      isExpected: never,
    },
    {
      name: 'Sigma rules (YAML)',
      seeds: texts(sigma, `${sigma}---\n${sigma}`, 'title: a\ndetection: *missing\n', 'title: a\n<<: text\n'),
      parse: (bytes) => importSigma(bytes.toString()),
      isExpected: never,
    },
  ];
}

function ofAdvisories(): FuzzTarget[] {
  const record = {
    id: 'PYSEC-2024-1',
    modified: '2024-01-02T00:00:00Z',
    aliases: ['CVE-2024-1'],
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }],
    affected: [
      {
        package: { ecosystem: 'PyPI', name: 'Requests' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.31.0' }] }],
        versions: ['2.30.0'],
      },
    ],
  };
  const sources = (value: unknown) => ({
    records: [value],
    knownExploited: new Set<string>(),
    epss: new Map<string, number>(),
    names: ['requests'],
  });
  const { privateKey } = generateKeyPairSync('ed25519');
  const trusted = [publicKeyText(privateKey)];
  const bundle = writeBundle(
    buildAdvisoryData(sources(record)).data,
    {
      madeAt: '2026-11-20T00:00:00.000Z',
      counts: { packages: 1, advisories: 1, malicious: 0, knownExploited: 0, withEpss: 0, names: 1 },
      attributions: [],
    },
    privateKey,
  );
  return [
    {
      name: 'OSV record (JSON)',
      seeds: [record, { ...record, modified: '2026-13-45T00:00:00Z' }].map((one) => Buffer.from(JSON.stringify(one))),
      parse: (bytes) => buildAdvisoryData(sources(json(bytes))),
      isExpected: never,
    },
    {
      name: 'bundle of advisories',
      seeds: [bundle, signedText('no manifest', privateKey)],
      parse: (bytes) => openBundle(bytes, trusted),
      isExpected: (error) => error instanceof BundleRefused,
    },
    {
      name: 'tar archive',
      seeds: [tarOf('a.json', '{}')],
      parse: (bytes) => [...readTar(bytes)],
      isExpected: isPlainError,
    },
  ];
}

async function ofEndpoints(): Promise<FuzzTarget[]> {
  const notebook = {
    nbformat: 4,
    metadata: { kernelspec: { name: 'python3', language: 'python' } },
    cells: [
      { cell_type: 'code', source: ['import os\n', '%matplotlib inline\n'], outputs: [] },
      { cell_type: 'markdown', source: 'text' },
    ],
  };
  const workbook = makeZip({
    'xl/sharedStrings.xml': '<sst><si><t>iban</t></si><si><t>DE89370400440532013000</t></si></sst>',
  });
  const batch = await encodeBatch('0198c0de-0000-4000-8000-000000000000', 7, { runs: ['{}'], activities: [] });
  const plist = `<?xml version="1.0"?><plist><dict><key>Label</key><string>a</string><key>ProgramArguments</key><array><string>/usr/bin/python3</string></array><key>RunAtLoad</key><true/></dict></plist>`;
  return [
    {
      name: 'notebook',
      seeds: [Buffer.from(JSON.stringify(notebook))],
      parse: (bytes) => {
        const read = readNotebook(bytes.toString());
        return read === undefined ? undefined : joinCells(read);
      },
      isExpected: never,
    },
    {
      name: 'zip archive',
      seeds: [
        makeZip({ '__main__.py': 'print(1)', 'a/b.py': 'x = 1' }),
        makeZip({ 'a.py': '1' }, '#!/usr/bin/python3\n'),
      ],
      parse: (bytes) => readZip(bytes, () => true),
      isExpected: never,
    },
    {
      name: 'source text',
      seeds: texts('# -*- coding: latin-1 -*-\nx = "é"\n', '\uFEFFimport os\r\nprint(1)\r'),
      parse: (bytes) => readSource(bytes),
      isExpected: (error) => error instanceof NotText,
    },
    ...(['data.csv', 'data.json', 'data.txt', 'data.xlsx'] as const).map((name) => ({
      name: `sample of ${name}`,
      seeds: [workbook, ...texts('name;iban\nAnn;DE89370400440532013000\n', '[{"email": "a@b.example"}]')],
      parse: (bytes: Buffer) => sampleFile(name, bytes),
      isExpected: (error: unknown) =>
        error instanceof Error && !(error instanceof TypeError || error instanceof RangeError),
    })),
    {
      name: 'batch in the spool',
      seeds: [batch],
      parse: (bytes) => decodeBatch(bytes, 7),
      isExpected: never,
    },
    {
      name: 'lines of a probe',
      seeds: texts('{"a":1}\n{"b":"ü"}\n'),
      parse: (bytes) => {
        const reader = new LineReader();
        const cut = Math.floor(bytes.length / 2);
        return [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
      },
      isExpected: never,
    },
    { name: 'property list', seeds: texts(plist), parse: (bytes) => parsePlist(bytes.toString()), isExpected: never },
    {
      name: 'unit file',
      seeds: texts('[Timer]\nOnCalendar=daily\n[Service]\nExecStart=/usr/bin/python3 \\\n  /opt/a.py "b c"\n'),
      parse: (bytes) => parseUnit(bytes.toString()),
      isExpected: never,
    },
    {
      name: 'command line',
      seeds: texts('/usr/bin/python3 -u "/opt/my script.py" --key=\'a b\' && echo $HOME | tee'),
      parse: (bytes) => splitWords(bytes.toString()),
      isExpected: never,
    },
    ...(['batch', 'powershell', 'shell', 'desktop-entry', 'shortcut', 'vbscript'] as const).map((kind) => ({
      name: `launcher, ${kind}`,
      seeds: texts(
        '@echo off\r\npython C:\\a.py %1\r\n',
        '[Desktop Entry]\nExec=python3 /opt/a.py %f\n',
        '& python a.py',
      ),
      parse: (bytes: Buffer) => launcherCommands(bytes, kind, '/opt'),
      isExpected: never,
    })),
  ];
}

/** A bundle of advisories that is rightly signed and holds nothing. */
function signedText(manifest: string, key: KeyObject): Buffer {
  const signed = `sentinel-advisories 1\n${manifest}\n`;
  return Buffer.from(`${signed}${publicKeyText(key)} ${sign(null, Buffer.from(signed), key).toString('base64')}\n`);
}

function texts(...all: readonly string[]): Buffer[] {
  return all.map((text) => Buffer.from(text));
}

function json(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** A tar archive of one file. Source: POSIX ustar. */
function tarOf(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('0', 156);
  header.write('ustar\0', 257);
  return Buffer.concat([header, Buffer.from(content.padEnd(512, '\0')), Buffer.alloc(1024)]);
}
