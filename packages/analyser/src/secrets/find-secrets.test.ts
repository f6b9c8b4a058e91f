import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { SecretFound } from '@sentinel/protocol';
import { findSecrets } from './find-secrets.ts';
import { readFormatPack } from './format-pack.ts';

const KEY = 'a key of the test';
// Joined here so that no hosting site takes them for live ones.
const random = ['vlao', 'lftd', 'pbgy', 'jexh'].join('');
const stripe =
  readFormatPack()
    .formats.find(({ id }) => id === 'stripe-secret-key')
    ?.trueCases[0]?.join('') ?? '';

function told(source: string, kind: 'python' | 'text' = 'python'): [string, string, number][] {
  return findSecrets(source, { kind, fingerprintKey: KEY }).map(({ ruleId, tier, place }) => [
    ruleId,
    tier,
    place.line,
  ]);
}

test('a password assigned to a name is found with place, fingerprint and preview, without its value', () => {
  const found = findSecrets(`import smtplib\ngmail_password = '${random}'\n`, { kind: 'python', fingerprintKey: KEY });
  assert.deepEqual(found, [
    {
      ruleId: 'secret-assigned',
      title: 'Credential assigned to a name',
      tier: 'high',
      score: 0.91,
      fingerprint: createHmac('sha256', KEY).update(random).digest('hex'),
      preview: `${random.slice(0, 2)}…${random.slice(-2)}`,
      name: 'gmail_password',
      place: { line: 2, endLine: 2, column: 17 },
    },
  ]);
  assert.doesNotThrow(() => found.map((one) => SecretFound.parse(one)));
  assert.ok(!JSON.stringify(found).includes(random));
});

test('a short value shows no character', () => {
  assert.deepEqual(
    findSecrets("password = 'hq7vzk'", { kind: 'python' }).map(({ preview }) => preview),
    [''],
  );
});

test('every context of a program is found', () => {
  const cases: [string, string][] = [
    [`self.__password: str = "${random}"`, 'secret-assigned'],
    [`config['db_password'] = b'${random}'`, 'secret-assigned'],
    [`user, password = "ada", "${random}"`, 'secret-assigned'],
    [`settings = {"user": "ada", "password": "${random}"}`, 'secret-in-mapping'],
    [`files = {'password': (None, '${random}')}`, 'secret-in-mapping'],
    [`connect(host="h", password="${random}")`, 'secret-argument'],
    [`config.set("db", "password", "${random}")`, 'secret-argument'],
    [`user.set_password("${random}")`, 'secret-argument'],
    [`def f(a, password="${random}"): pass`, 'secret-default'],
    [`x = os.environ.get("DB_PASSWORD", "${random}")`, 'secret-default'],
    [`PASSWORD = os.environ.get("PASSWORD") or "${random}"`, 'secret-default'],
    [`p.add_argument("--password", default="${random}")`, 'secret-default'],
    [`if password == "${random}": pass`, 'secret-compared'],
    [`if "${random}" != form['password']: pass`, 'secret-compared'],
    [`server.login("ada@example.org", "${random}")`, 'secret-in-login'],
    [`db = pymysql.connect("localhost", "ada", "${random}")`, 'secret-in-login'],
    [`requests.get(url, auth=("ada", "${random}"))`, 'secret-in-login'],
    [`driver.find_element(By.ID, "password").send_keys("${random}")`, 'secret-typed'],
    [`session.findById("wnd[0]/usr/pwdRSYST-BCODE").text = "${random}"`, 'secret-sap-logon'],
    [`engine = create_engine("mysql://ada:${random}@db/x")`, 'secret-in-url'],
    [`cn.Open("Driver=SQL;Uid=ada;Pwd=${random};")`, 'secret-in-text'],
    [`auth = b64encode(b'ada:${random}')`, 'secret-in-header'],
    [`# password = "${random}"`, 'secret-in-text'],
    [`h = {"X": "Basic ${Buffer.from(`ada:${random}`).toString('base64')}"}`, 'secret-in-header'],
  ];
  assert.deepEqual(
    cases.map(([source]) => [source, told(source).filter(([, tier]) => tier !== 'info')[0]?.[0]]),
    cases,
  );
});

test('placeholders and values from elsewhere are at most told as info', () => {
  const sources = [
    'password = "your_password"',
    'password = "password"',
    'password = "*****"',
    'api_key = "YOUR_API_KEY"',
    'api_key = "<api key>"',
    'password = os.environ["PASSWORD"]',
    'password = f"{user}{suffix}"',
    'token = "${TOKEN}"',
    'server.login("Your account", "Your app password")',
    'url = "https://user:password@example.org/"',
    'primary_key = "customer_id"',
    'password_field = "//input[@id=pw]"',
    'token_url = "https://login.example.org/oauth2/token"',
    'key = lambda user: user["name"]',
    'secret_name = "prod/db/main"',
  ];
  assert.deepEqual(
    sources.filter((source) => told(source).some(([, tier]) => tier !== 'info')),
    [],
  );
});

test('a provider token inside base64 is found where the literal stands', () => {
  const value = /"([^"]+)"/.exec(stripe)?.[1] ?? '';
  const source = `a = 1\nblob = "${Buffer.from(`{"k":"${value}"}`).toString('base64')}"\n`;
  assert.deepEqual(told(source), [['secret-stripe-secret-key', 'high', 2]]);
});

test('a private key that runs over several literals has its first and last line', () => {
  const body =
    readFormatPack()
      .formats.find(({ id }) => id === 'private-key-pem')
      ?.trueCases[0]?.join('')
      .split('\n')
      .slice(1, 5) ?? [];
  const head = ['-----BEGIN RSA', ' PRIVATE KEY-----'].join('');
  const source = `KEY = (\n${[head, ...body].map((line) => `    "${line}\\n"`).join('\n')}\n)\n`;
  const found = findSecrets(source, { kind: 'python' }).filter(({ ruleId }) => ruleId === 'secret-private-key-pem');
  assert.deepEqual(
    found.map(({ place }) => [place.line, place.endLine]),
    [[2, 6]],
  );
});

test('configuration, shell and markup are read by their names', () => {
  const cases = [
    `DB_PASSWORD=${random}`,
    `db:\n  password: ${random}`,
    `{"client_secret": "${random}"}`,
    `export API_TOKEN='${random}7'`,
    `<password>${random}</password>`,
    `<add key="DbPassword" value="${random}" />`,
    `curl -u ada:${random} https://example.org`,
    `app --password ${random}`,
    `openssl x509 -passin pass:${random}`,
    `machine h login ada password ${random}`,
    `ALTER USER ada IDENTIFIED BY '${random}'`,
    `vendor SECRET ${random}7q9`,
  ];
  assert.deepEqual(
    cases.filter((source) => !told(source, 'text').some(([, tier]) => tier !== 'info')),
    [],
  );
});

test('values that are cut short, readable when decoded, shown by a vendor or equal to the user are no live credentials', () => {
  const sources = [
    'export SERVICE_TOKEN=q7Zp2Lw9Xc4Vb8Nm3Kj5...',
    `ANY_SECRET_KEY = ${Buffer.from('dummy text for the docs').toString('base64')}`,
    ['AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI', '/K7MDENG/bPxRfiCYEXAMPLEKEY'].join(''),
    'postgres://postgres:postgres@localhost/db',
  ];
  assert.deepEqual(
    sources.filter((source) => told(source, 'text').some(([, tier]) => tier !== 'info')),
    [],
  );
});

test('a long password with figures in place of letters, a token of a vendor environment and a base64 password count', () => {
  const sources = [
    'mongodb://app:D1fficultP%40ssw0rd@db.internal/x',
    `pandavendor_token=test_${random}7K9p4Lm2Jx5Vq8Wy`,
    `vendor_secret = ${Buffer.from(`${random}7!kq`).toString('base64')}`,
    `-H "Authorization: Basic ${Buffer.from([0xc3, 0x28, 0x3a, 0xf1, 9, 200, 17, 3, 99, 250, 7, 81, 190, 44, 5, 6]).toString('base64')}"`,
  ];
  assert.deepEqual(
    sources.filter((source) => !told(source, 'text').some(([, tier]) => tier !== 'info')),
    [],
  );
});

test('broken and hostile sources are survived', () => {
  const sources = [
    "'oauth_token: 'q7zp2lw9xc4v',",
    'password = "unclosed',
    `password = """never closed ${random}`,
    '('.repeat(300_000),
    'a.'.repeat(50_000),
    `x = ${'"a" '.repeat(20_000)}`,
    `password=${'a'.repeat(200_000)}`,
    'http://'.repeat(20_000),
    'token '.repeat(50_000),
    '\u0000\ufeff\r\r\f\ud800 password = "hq7vzk"',
    '-----BEGIN '.repeat(5000),
    'secret-'.repeat(30_000),
  ];
  for (const source of sources) {
    findSecrets(source, { kind: 'python' });
    findSecrets(source, { kind: 'text' });
  }
  assert.deepEqual(told(`def f(:\n  x = [1, (\n  password = "${random}"\n`), [['secret-argument', 'high', 3]]);
});

test('the same value has the same fingerprint under one key and another under another', () => {
  const of = (source: string, fingerprintKey: string) =>
    findSecrets(source, { kind: 'python', fingerprintKey })[0]?.fingerprint;
  assert.equal(of(`password = "${random}"`, 'k1'), of(`x = {"pwd": "${random}"}`, 'k1'));
  assert.notEqual(of(`password = "${random}"`, 'k1'), of(`password = "${random}"`, 'k2'));
});

test('a value of a provider form that looks made up is of the medium tier and says so', () => {
  const found = findSecrets(`x = "${['ghp', '_'].join('')}abcdefghijklmnopqrstuvwxyzABCDEFGHIJ"\n`, { kind: 'python' });
  assert.deepEqual(
    found.map(({ ruleId, tier, title }) => [ruleId, tier, title]),
    [
      [
        'secret-github-pat-classic',
        'medium',
        'GitHub personal access token (classic): the form fits, the value looks made up',
      ],
    ],
  );
});

test('a key of another form than all keys of its provider, and a token cut short in the middle of its word, are of the info tier', () => {
  const tail = `${random}${random}`;
  assert.deepEqual(
    [
      told(`meraki_api_key = "${tail}9f1"`, 'text'),
      told(`bedrock-api-key-${random}Ab12Cd34Ef56`, 'text'),
      told(`CISCO_PAT = "${tail}9f1"`, 'text').map(([, tier]) => tier),
    ],
    [[['secret-in-text', 'info', 1]], [['secret-in-text', 'info', 1]], ['high']],
  );
});

test('a chosen password with a word for the thing in it counts when figures and marks outweigh the word', () => {
  const values = ['nova@pass135!', 'pass@example12!', 'mypassword'];
  assert.deepEqual(
    values.map((value) => told(`password = "${value}"`, 'text').map(([, tier]) => tier)),
    [['medium'], ['info'], ['info']],
  );
});

test('user and password of a directory login are read from the call', () => {
  const call = `new DirectoryEntry("LDAP://dc1.firm.test", "FIRM\\\\ann", "${random}")`;
  assert.deepEqual(told(call, 'text'), [['secret-in-text', 'high', 1]]);
});
