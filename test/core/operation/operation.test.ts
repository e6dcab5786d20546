import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeObject, type OperationObject } from '#core/operation/operation.ts';

describe('describeObject()', () => {
  const cases: readonly [object: OperationObject, words: string][] = [
    [{ kind: 'none' }, 'no object'],
    [{ kind: 'relation', path: ['public', 'customers'] }, 'public.customers'],
    [{ kind: 'catalog', path: ['pg_catalog', 'pg_class'] }, 'pg_catalog.pg_class'],
    [{ kind: 'function', path: ['public', 'purge'] }, 'function public.purge'],
    [{ kind: 'setting', name: 'work_mem' }, 'setting work_mem'],
    [{ kind: 'other', what: 'schema', name: 'audit' }, 'schema audit'],
    [{ kind: 'undecidable', why: 'nobody knows' }, 'nobody knows'],
  ];
  for (const [object, words] of cases) {
    it(`calls a ${object.kind} "${words}"`, () => assert.equal(describeObject(object), words));
  }
});
