/**
 * The page on the probe's sensors, from what stands in the sensors themselves: docstring, VERSIONS, EMITS, PATCHES and
 * AUDIT; and the packages that the tests pin.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const HEADINGS = ['Watches', 'Emits', 'Leaves alone and why', 'Versions', 'Source'] as const;
type Heading = (typeof HEADINGS)[number];

interface SensorPage {
  readonly name: string;
  readonly title: string;
  readonly emits: readonly string[];
  readonly parts: ReadonlyMap<Heading, string>;
}

/** The page as Markdown. */
export function sensorDocs(root: string, notice: string): string {
  const folder = join(root, 'probe/src/sentinel_probe/sensors');
  const tested = testedPackages(join(root, 'probe/tests/packages'));
  const pages = readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, '__init__.py')))
    .sort((a, b) => a.localeCompare(b, 'en'))
    .map((name) => readSensor(name, readFileSync(join(folder, name, '__init__.py'), 'utf8')));
  const lines = [
    '# What the probe sees',
    '',
    `<!-- ${notice} -->`,
    '',
    `${pages.length} sensors, each a folder of \`probe/src/sentinel_probe/sensors\`. No sensor keeps a value, a row, a text or a credential; what it`,
    'keeps stands in the attribute dictionary (`schema/attributes.json`). Against a script that works against the probe on purpose, all of this is',
    'detection and not containment: code with the same rights can always silence it, and mostly leaves a `probe.tamper` behind.',
    '',
    '| Sensor | Emits | Versions |',
    '|---|---|---|',
    ...pages.map(
      ({ name, emits, parts }) =>
        `| [${importName(name)}](#${anchor(name)}) | ${emits.join(', ')} | ${cell(parts.get('Versions') ?? '')} |`,
    ),
    '',
  ];
  for (const { name, title, parts } of pages) {
    lines.push(`## ${importName(name)}`, '', title, '');
    for (const heading of HEADINGS) {
      const text = parts.get(heading);
      if (text !== undefined) lines.push(`- **${heading}**: ${text}`);
    }
    const packages = tested.get(name);
    if (packages !== undefined) lines.push(`- **Tested with**: ${packages.join(', ')}`);
    lines.push('');
  }
  lines.push('## Packages that the tests pin', '');
  lines.push(
    'The newest run in `npm test`, the oldest claimed in `npm run test:long`.',
    '',
    '| Test | Packages |',
    '|---|---|',
  );
  for (const [file, packages] of pinnedByFile(join(root, 'probe/tests/packages'))) {
    lines.push(`| \`${file}\` | ${packages.join(', ')} |`);
  }
  lines.push('');
  return lines.join('\n');
}

function readSensor(name: string, source: string): SensorPage {
  const text = /^"""([\s\S]*?)"""/.exec(source)?.[1] ?? '';
  const [title = '', ...rest] = text.split('\n\n');
  const body = rest.join('\n\n');
  const found = HEADINGS.map((heading) => ({ heading, at: body.search(new RegExp(`(?:^|\\s)${heading}:`)) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  const parts = new Map<Heading, string>();
  for (const [index, { heading, at }] of found.entries()) {
    const end = found[index + 1]?.at ?? body.length;
    parts.set(
      heading,
      flow(
        body
          .slice(at)
          .slice(0, end - at)
          .trim()
          .slice(heading.length + 1),
      ),
    );
  }
  const emits = [...(/^EMITS = \(([\s\S]*?)\)/m.exec(source)?.[1] ?? '').matchAll(/"([\w.]+)"/g)].map(
    (match) => match[1] ?? '',
  );
  return { name, title: flow(title), emits, parts };
}

/** One paragraph of a docstring's lines. */
function flow(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('<', '&lt;').trim();
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function importName(folder: string): string {
  return folder.replaceAll('__', '.');
}

function anchor(folder: string): string {
  return importName(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '');
}

/** Sensor folder to the pinned packages of its name, from every test. */
function testedPackages(folder: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, packages] of pinnedByFile(folder)) {
    for (const each of packages) {
      const name = each.split('==')[0] ?? '';
      const sensor = SENSOR_OF[name.toLowerCase()] ?? name.toLowerCase().replaceAll('-', '_');
      const list = found.get(sensor) ?? [];
      if (!list.includes(each)) list.push(each);
      found.set(sensor, list.sort());
    }
  }
  return found;
}

/** Distribution to sensor folder where their names differ. */
const SENSOR_OF: Readonly<Record<string, string>> = {
  'azure-storage-blob': 'azure__storage__blob',
  boto3: 'botocore',
  'google-cloud-storage': 'google__cloud__storage',
  pillow: 'PIL__ImageGrab',
  pywin32: 'win32com__client',
  mysqlclient: 'MySQLdb',
  'mysql-connector-python': 'mysql_connector',
  'psycopg2-binary': 'psycopg2',
  pyopenssl: 'OpenSSL',
  'python-docx': 'docx',
};

/** Test file to the packages that it pins. */
function pinnedByFile(folder: string): readonly (readonly [string, string[]])[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.py'))
    .sort()
    .map((file) => {
      const source = readFileSync(join(folder, file), 'utf8');
      const pins = [...source.matchAll(/["']([A-Za-z0-9][\w.-]*(?:\[[\w,-]+\])?==[\w.]+)["']/g)].map(
        (match) => match[1] ?? '',
      );
      return [file, [...new Set(pins)].sort()] as const;
    })
    .filter(([, pins]) => pins.length > 0);
}
