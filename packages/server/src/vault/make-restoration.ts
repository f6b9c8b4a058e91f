import type { RestoredFile, RunRecipe, SecretReference, VaultEntry } from '@sentinel/protocol';

/** The files of a folder in which a version of a script runs again: made from what was observed, nothing guessed. */
export function makeRestoration(
  entry: VaultEntry,
  text: string,
  references: readonly SecretReference[],
  recipe: RunRecipe,
): RestoredFile[] {
  const script = fileName(entry);
  return [
    { path: script, text },
    { path: 'requirements.lock', text: lockFile(entry, recipe) },
    { path: 'README.md', text: readme(entry, script, references, recipe) },
    { path: 'recipe.json', text: `${JSON.stringify({ entry, references, recipe }, null, 2)}\n` },
  ];
}

function fileName({ name, path }: VaultEntry): string {
  const last = path.split(/[\\/]/).at(-1) ?? '';
  const safe = (last === '' ? name : last).replaceAll(/[^\w.()+ -]/g, '_').replace(/^\.+/, '');
  return safe === '' || /^(?:requirements\.lock|README\.md|recipe\.json)$/i.test(safe) ? 'script.py' : safe;
}

function lockFile({ name, sha256 }: VaultEntry, { packages, runs, lastRunAt }: RunRecipe): string {
  const lines = packages.map((one) => {
    const others = one.otherVersions.length === 0 ? '' : `  # also seen: ${one.otherVersions.join(', ')}`;
    return one.version === '' ? `${one.name}  # no version was seen${others}` : `${one.name}==${one.version}${others}`;
  });
  return [
    `# Packages that ${name} (${sha256.slice(0, 12)}) really imported, as ${runs} ${runs === 1 ? 'run' : 'runs'} until ${lastRunAt ?? 'then'} showed.`,
    '# pip adds what these packages need themselves and did not import in those runs.',
    ...lines.sort(),
    '',
  ].join('\n');
}

function readme(entry: VaultEntry, script: string, references: readonly SecretReference[], recipe: RunRecipe): string {
  const [interpreter] = recipe.interpreters;
  const minor = interpreter?.version.split('.').slice(0, 2).join('.') ?? '3';
  const lines = [
    `# ${entry.name}`,
    '',
    `Restored from the vault. Version \`${entry.sha256}\`, collected ${entry.collectedAt} from \`${entry.path}\`.`,
    `Everything here was observed in ${recipe.runs} ${recipe.runs === 1 ? 'run' : 'runs'}${recipe.lastRunAt === undefined ? '' : `, the last on ${recipe.lastRunAt}`}.`,
    '',
    '## Run it',
    '',
    `    python${minor} -m venv venv`,
    '    venv/bin/python -m pip install -r requirements.lock',
    ...(entry.kind === 'notebook'
      ? [
          '    venv/bin/python -m pip install nbconvert ipykernel',
          `    venv/bin/python -m nbconvert --to notebook --execute ${quoted(script)}`,
        ]
      : [`    venv/bin/python ${quoted(script)}${argumentHint(recipe)}`]),
    '',
    `On Windows the programs are in \`venv\\Scripts\`. It ran on ${recipe.interpreters.map(({ implementation, version }) => `${implementation} ${version}`).join(', ') || 'an unknown Python'}.`,
    '',
  ];
  section(lines, 'Credentials to put in', references, (one) => {
    const name = one.name === undefined ? '' : ` (\`${one.name}\`)`;
    return `\`${one.reference}\` in line ${one.line}: ${one.title}${name}. The vault has no copy of the value.`;
  });
  section(
    lines,
    'Arguments',
    recipe.arguments.filter(({ count }) => count > 0),
    (one) => `${one.count}: ${one.shape || 'unknown kinds'} (${times(one.runs)})`,
  );
  section(lines, 'Working folder', recipe.workingDirectories, (one) => `\`${one.path}\` (${times(one.runs)})`);
  section(
    lines,
    'Schedule',
    recipe.schedules,
    (one) =>
      `${one.kind} on ${one.hostName}: \`${one.when}\`${one.user === undefined ? '' : ` as ${one.user}`}, in \`${one.source}\``,
  );
  section(lines, 'Reads', recipe.sources, placeText);
  section(lines, 'Writes and sends', recipe.destinations, placeText);
  section(lines, 'Starts', recipe.programs, placeText);
  section(lines, 'Machines', recipe.machines, (one) => `${one.hostName} (${times(one.runs)})`);
  section(lines, 'Accounts', recipe.users, (one) => one);
  return `${lines.join('\n').trimEnd()}\n`;
}

function section<T>(lines: string[], title: string, items: readonly T[], text: (item: T) => string): void {
  if (items.length === 0) return;
  lines.push(`## ${title}`, '', ...items.map((item) => `- ${text(item).replaceAll(/[\r\n]+/g, ' ')}`), '');
}

function placeText({ type, target, detail, database, runs, rows, bytes }: RunRecipe['sources'][number]): string {
  const amounts = [times(runs), ...(rows > 0 ? [`${rows} rows`] : []), ...(bytes > 0 ? [`${bytes} bytes`] : [])];
  const where = database === '' ? '' : ` in \`${database}\``;
  return `${type}${detail === '' ? '' : ` ${detail}`}: \`${target || database || 'unknown'}\`${where} (${amounts.join(', ')})`;
}

function argumentHint({ arguments: shapes }: RunRecipe): string {
  const [usual] = shapes;
  return usual === undefined || usual.count === 0 ? '' : '  # takes arguments, see below';
}

function quoted(name: string): string {
  return name.includes(' ') ? `"${name}"` : name;
}

function times(runs: number): string {
  return runs === 1 ? '1 run' : `${runs} runs`;
}
