import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EndpointSignalKind, Finding } from '@sentinel/protocol';
import { judgeEndpoint, type ToldSignal } from './judge-endpoint.ts';

const signal: ToldSignal = {
  id: '0190a000-0000-7000-8000-000000000001',
  endpointId: '0190a000-0000-7000-8000-0000000000aa',
  hostName: 'desk-1',
  kind: 'probe-damaged',
  count: 2,
  detail: '/usr/lib/python3.11/sitecustomize.py',
  at: '2026-11-20T10:00:00.000Z',
};

test('makes a finding of every kind of signal, one a kind and computer', () => {
  const findings = EndpointSignalKind.options.map((kind) => Finding.parse(judgeEndpoint({ ...signal, kind })));

  assert.equal(new Set(findings.map(({ fingerprint }) => fingerprint)).size, EndpointSignalKind.options.length);
  for (const { title } of findings) assert.match(title, /^desk-1 [a-z].*\.$/);
});

test('groups the same trouble of one computer and keeps computers apart', () => {
  const first = judgeEndpoint(signal);
  const again = judgeEndpoint({ ...signal, id: '0190a000-0000-7000-8000-000000000002', count: 9, detail: 'other' });
  const elsewhere = judgeEndpoint({ ...signal, endpointId: '0190a000-0000-7000-8000-0000000000bb' });

  assert.equal(again.fingerprint, first.fingerprint);
  assert.notEqual(again.id, first.id);
  assert.notEqual(elsewhere.fingerprint, first.fingerprint);
  assert.deepEqual(first.evidence, [{ note: '2 times: /usr/lib/python3.11/sitecustomize.py' }]);
});
