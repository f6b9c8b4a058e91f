import assert from 'node:assert/strict';
import { test } from 'node:test';
import { permissionsOf } from '@sentinel/protocol';
import { whyNot } from './approval-separation.ts';

const ann = { accountId: 'a1', userName: 'ann', permissions: permissionsOf('approver') };
const asked = (id: string | null, name: string) => ({ requested_by_id: id, requested_by: name });

test('lets another approver decide', () => {
  assert.equal(whyNot(ann, [], asked('b1', 'bo'), { names: ['cy'] }), undefined);
  assert.equal(whyNot(ann, [], asked(null, 'bo'), { names: [] }), undefined);
});

test('keeps out who asked, who wrote it, and who may not approve, whatever form the name has', () => {
  assert.match(whyNot(ann, [], asked('a1', 'ann'), { names: [] }) ?? '', /You asked/);
  assert.match(whyNot(ann, [], asked(null, 'CONTOSO\\Ann'), { names: [] }) ?? '', /You asked/);
  assert.match(whyNot(ann, ['awhite'], asked(null, 'awhite'), { names: [] }) ?? '', /You asked/);
  assert.match(whyNot(ann, [], asked('b1', 'bo'), { names: ['ANN@contoso.com'] }) ?? '', /You wrote it/);
  assert.match(
    whyNot({ ...ann, permissions: permissionsOf('viewer') }, [], asked('b1', 'bo'), { names: [] }) ?? '',
    /does not approve/,
  );
});
