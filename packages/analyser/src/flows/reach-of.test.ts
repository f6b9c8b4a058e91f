import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostOf, reachOf, reachOfHost, reachOfPath } from './reach-of.ts';

test('tells hosts of models, chats, clouds and the own network', () => {
  const hosts = [
    'api.openai.com',
    'my.openai.azure.com',
    'hooks.slack.com',
    'transfer.sh',
    'acme.sharepoint.com',
    'erp',
    'crm.corp',
    '10.1.2.3',
    'example.com',
  ];
  assert.deepEqual(
    hosts.map((host) => reachOfHost(host)),
    [
      'llm-provider',
      'llm-provider',
      'messaging',
      'personal-cloud',
      'approved-cloud',
      'internal',
      'internal',
      'internal',
      'unknown',
    ],
  );
});

test('does not take a host for another that ends alike', () => {
  assert.equal(reachOfHost('notdropbox.com'), 'unknown');
});

test('tells sync folders, shares and local paths', () => {
  const paths = [
    'C:\\Users\\me\\OneDrive\\a.xlsx',
    'C:\\Users\\me\\OneDrive - Acme\\a.xlsx',
    '\\\\srv\\dept\\a.csv',
    '/tmp/onedrive.txt',
    'out.csv',
    undefined,
  ];
  assert.deepEqual(
    paths.map((path) => reachOfPath(path)),
    ['personal-cloud', 'approved-cloud', 'share', 'local', 'local', 'local'],
  );
});

test('takes the host out of a URL without the credentials before it', () => {
  assert.deepEqual(
    [hostOf('https://me:pw@Example.com:8080/x'), hostOf('no url'), hostOf(undefined)],
    ['example.com', undefined, undefined],
  );
});

test('lets the address decide for requests and the kind for mail', () => {
  assert.deepEqual(
    [
      reachOf('network.http', 'http://localhost/x'),
      reachOf('mail.send', undefined),
      reachOf('files.write', '//srv/a/b'),
    ],
    ['internal', 'mail-outside', 'share'],
  );
});
