import { parseRequirement, type Requirement } from './requirement.ts';

/** Options of `pip install` that take a value. Source: https://pip.pypa.io/en/stable/cli/pip_install/ */
const WITH_VALUE = new Set(
  `-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t --target -d --platform
  --python-version --implementation --abi --root --prefix --src --upgrade-strategy --config-settings -C --global-option
  --no-binary --only-binary --progress-bar --root-user-action --report --group --log --proxy --retries --timeout
  --exists-action --trusted-host --cert --client-cert --cache-dir --python --editable -e -p`.split(/\s+/),
);
/** Programs that install from the package index, with the word that starts the list. */
const INSTALLERS: readonly (readonly string[])[] = [
  ['pip', 'install'],
  ['pip3', 'install'],
  ['pipx', 'install'],
  ['pipenv', 'install'],
  ['easy_install'],
  ['uv', 'add'],
  ['poetry', 'add'],
  ['pdm', 'add'],
];

/** Requirements that a command with these words installs; none when it installs nothing. */
export function installedBy(words: readonly string[]): Requirement[] {
  const start = startOfList(words);
  if (start === -1) return [];
  const found: Requirement[] = [];
  for (let at = start; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (/^(?:&&?|\|\|?|;|>.*|2>.*)$/.test(word)) break;
    if (word.startsWith('-')) {
      if (WITH_VALUE.has(word)) at += 1;
      continue;
    }
    const requirement = parseRequirement(word);
    if (requirement !== undefined) found.push(requirement);
    if (word.endsWith(';')) break;
  }
  return found;
}

/** Index behind the word that starts the list of names; -1 where none does. */
function startOfList(words: readonly string[]): number {
  for (let at = 0; at < words.length; at += 1) {
    const program = (words[at] ?? '')
      .replace(/^.*[\\/]/, '')
      .replace(/\.exe$/i, '')
      .replace(/^pip[0-9.]+$/, 'pip');
    for (const [name, verb] of INSTALLERS) {
      if (program !== name) continue;
      if (verb === undefined) return at + 1;
      // Options of the program may stand before the word.
      let next = at + 1;
      while ((words[next] ?? '').startsWith('-')) next += WITH_VALUE.has(words[next] ?? '') ? 2 : 1;
      if (words[next] === verb) return next + 1;
    }
  }
  return -1;
}

/** Words of a command line; quotes hold words together. */
export function splitWords(line: string): string[] {
  const words = line.slice(0, 10_000).match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) => word.replace(/["']/g, ''));
}
