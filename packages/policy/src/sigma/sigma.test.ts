import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Facts, makeEvaluator } from '../evaluate.ts';
import { readPolicy } from '../read-policy.ts';
import { exportSigma } from './export-sigma.ts';
import { importSigma } from './import-sigma.ts';

const rule = (logsource: string, detection: string, more = '') => `title: Something Odd
id: 5b80cf53-3a46-4adc-960b-05ec19348d74
status: test
author: somebody
tags: [attack.execution, attack.t1059.001]
logsource: ${logsource}
detection:
${detection}
level: high
${more}`;

/** Imports a rule and gives whether activities match it. */
function matcher(text: string, activity: string): (facts: Facts) => boolean {
  const [imported] = importSigma(text);
  assert.ok(imported?.policy !== undefined, imported?.unfit ?? 'no rule');
  const { compiled, faults } = readPolicy(imported.policy);
  assert.ok(compiled, JSON.stringify(faults));
  const { evaluate } = makeEvaluator([compiled]);
  return (facts) => evaluate(activity, facts).matches.length > 0;
}

test('imports a rule on started programs with lists, filters and wildcards', () => {
  const matches = matcher(
    rule(
      '{category: process_creation, product: windows}',
      `    selection_img:
        - Image|endswith:
            - '\\powershell.exe'
            - '\\pwsh.exe'
        - OriginalFileName: PowerShell*
    filter_main_admin:
        User|startswith: 'svc-'
    filter_main_dir:
        CurrentDirectory|contains|all: ['\\Program Files\\', 'Tools']
    condition: selection_img and not 1 of filter_main_*`,
    ),
    'process.spawn',
  );

  const image = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\PowerShell.exe';
  assert.equal(
    matches({ 'process.executable.path': image, 'user.name': 'ann', 'process.working_directory': 'C:\\x' }),
    true,
  );
  assert.equal(
    matches({
      'process.executable.path': 'C:\\x\\cmd.exe',
      'process.executable.name': 'POWERSHELL_ISE.EXE',
      'user.name': 'ann',
      'process.working_directory': 'C:\\x',
    }),
    true,
  );
  assert.equal(
    matches({ 'process.executable.path': image, 'user.name': 'SVC-backup', 'process.working_directory': 'C:\\x' }),
    false,
  );
  assert.equal(
    matches({
      'process.executable.path': image,
      'user.name': 'ann',
      'process.working_directory': 'C:\\Program Files\\Tools',
    }),
    false,
  );
  assert.equal(
    matches({
      'process.executable.path': 'C:\\x\\notepad.exe',
      'process.executable.name': 'notepad.exe',
      'user.name': 'ann',
      'process.working_directory': 'x',
    }),
    false,
  );
});

test('imports rules on files, connections and names', () => {
  const file = matcher(
    rule(
      '{category: file_event}',
      `    selection:\n        TargetFilename|contains: '\\Startup\\'\n        TargetFilename|endswith: ['.lnk', '.vbs']\n    condition: selection`,
    ),
    'file.open',
  );
  const startup = 'C:\\Users\\ann\\Start Menu\\Programs\\Startup\\x.LNK';
  assert.equal(file({ 'file.path': startup, 'sentinel.file.operation': 'write' }), true);
  assert.equal(file({ 'file.path': startup, 'sentinel.file.operation': 'read' }), false);
  const net = matcher(
    rule(
      '{category: network_connection}',
      `    selection:\n        Initiated: 'true'\n        DestinationPort: [4444, 5555]\n    filter:\n        DestinationIp|cidr: ['10.0.0.0/8', '127.0.0.0/8']\n    condition: selection and not filter`,
    ),
    'net.connect',
  );
  assert.equal(net({ 'server.port': 4444, 'network.peer.address': '203.0.113.9' }), true);
  assert.equal(net({ 'server.port': 4444, 'network.peer.address': '10.1.2.3' }), false);
  assert.equal(net({ 'server.port': 443, 'network.peer.address': '203.0.113.9' }), false);
  const dns = matcher(
    rule(
      '{category: dns_query}',
      `    keywords:\n        QueryName|endswith: ['.onion', '.ngrok.io']\n    exact:\n        QueryName: pastebin.com\n    condition: 1 of them`,
    ),
    'dns.resolve',
  );
  assert.equal(dns({ 'dns.question.name': 'abc.NGROK.io' }), true);
  assert.equal(dns({ 'dns.question.name': 'pastebin.com' }), true);
  assert.equal(dns({ 'dns.question.name': 'not-pastebin.com' }), false);
});

test('keeps what the rule says of itself, and only observes', () => {
  const [imported] = importSigma(rule('{category: dns_query}', `    s:\n        QueryName: a.b\n    condition: s`));
  const { source, compiled } = readPolicy(imported?.policy ?? '');

  assert.deepEqual(
    [source?.id, source?.mode, source?.title, source?.statements[0]?.severity, source?.statements[0]?.controls],
    ['sigma-something-odd', 'monitor', 'Something Odd', 'high', ['SIGMA:attack.execution', 'SIGMA:attack.t1059.001']],
  );
  assert.equal(compiled?.statements[0]?.effect, 'observe');
  assert.match(source?.description ?? '', /From the Sigma rule 5b80cf53-.* by somebody\./);
});

test('takes nothing of a rule of which a part does not fit, and says which part', () => {
  const spawn = '{category: process_creation, product: windows}';
  const cases: [string, RegExp][] = [
    [
      rule(spawn, `    s:\n        CommandLine|contains: ' -enc '\n    condition: s`),
      /CommandLine: command lines are not collected/,
    ],
    [
      rule(spawn, `    s:\n        ParentImage|endswith: '\\w3wp.exe'\n    condition: s`),
      /ParentImage: the parent is always/,
    ],
    [
      rule(spawn, `    s:\n        Image|re: '.*[0-9]{4}\\.exe'\n    condition: s`),
      /modifier re: the policy language has no regular/,
    ],
    [rule(spawn, `    s:\n        Image|base64offset|contains: x\n    condition: s`), /modifier base64offset/],
    [rule(spawn, `    s:\n        Hashes|contains: 'IMPHASH=1'\n    condition: s`), /the field Hashes/],
    [
      rule(spawn, `    s:\n        - mimikatz\n        - sekurlsa\n    condition: s`),
      /words that may stand in any field/,
    ],
    [rule(spawn, `    s:\n        Image: x\n    timeframe: 5m\n    condition: s`), /a time frame/],
    [rule(spawn, `    s:\n        Image: x\n    condition: s | count() > 5`), /aggregations/],
    [rule(spawn, `    s:\n        Image: x\n    condition: s and other`), /"other" in the condition/],
    [
      rule('{product: windows, service: security}', `    s:\n        EventID: 4625\n    condition: s`),
      /log source windows\/security/,
    ],
    [rule('{category: registry_set}', `    s:\n        TargetObject: x\n    condition: s`), /log source registry_set/],
    ['title: Correlated\ncorrelation:\n  type: event_count\n', /no detection rule/],
    ['- just\n- a list\n', /no detection rule/],
  ];
  for (const [text, expected] of cases) {
    const [imported] = importSigma(text);
    assert.match(imported?.unfit ?? 'it was taken', expected);
    assert.equal(imported?.policy, undefined);
  }
});

test('reads several rules of one file', () => {
  const one = rule('{category: dns_query}', `    s:\n        QueryName: a.b\n    condition: s`);
  assert.deepEqual(
    importSigma(`${one}\n---\n${one.replace('dns_query', 'registry_set')}`).map(({ unfit }) => unfit === undefined),
    [true, false],
  );
});

test('gives the same decisions after export and import, where Sigma has the fields', () => {
  const source = `id: p
version: 1
title: P
statements:
  - id: shell
    activity: process.spawn
    effect: observe
    when: process.executable.path.lower().endsWith("\\\\cmd.exe", "/sh") && !user.name.lower().startsWith("svc-")
    except: process.working_directory.lower() == "/srv/ok"
    explain: x
`;
  const { source: policy, compiled } = readPolicy(source);
  assert.ok(policy && compiled);
  const [exported] = exportSigma(policy);
  assert.ok(exported?.rule !== undefined, exported?.unfit ?? 'no statement');
  const again = matcher(exported.rule, 'process.spawn');
  const { evaluate } = makeEvaluator([compiled]);

  for (const path of ['C:\\Windows\\CMD.exe', '/bin/sh', '/bin/ls'])
    for (const user of ['ann', 'SVC-x'])
      for (const folder of ['/srv/ok', '/tmp']) {
        const facts = { 'process.executable.path': path, 'user.name': user, 'process.working_directory': folder };
        assert.equal(again(facts), evaluate('process.spawn', facts).matches.length > 0, JSON.stringify(facts));
      }
});

test('exports the whole starter library, and says of each statement what Sigma cannot say', () => {
  const folder = join(import.meta.dirname, '../../../../policies');
  const outcomes = readdirSync(folder).flatMap((name) => {
    const { source } = readPolicy(readFileSync(join(folder, name), 'utf8'));
    assert.ok(source, name);
    return exportSigma(source);
  });
  const unfit = outcomes.filter((one) => one.unfit !== undefined);

  assert.ok(outcomes.length > 40, `${outcomes.length} statements`);
  assert.ok(
    unfit.length <= outcomes.length / 10,
    unfit.map((one) => `${one.statementId}: ${one.unfit ?? ''}`).join('\n'),
  );
  for (const { rule: text } of outcomes)
    if (text !== undefined) assert.match(text, /^title: .*\n[\s\S]*\n {2}condition: /);
});
