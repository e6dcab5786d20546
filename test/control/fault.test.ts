import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULT_STATUS, isFaultCode } from '#control/fault.ts';

test('isFaultCode() knows the codes of the wire and no others', () => {
  for (const code of Object.keys(FAULT_STATUS)) assert.ok(isFaultCode(code));
  for (const code of ['unreachable', 'protocol', 'toString', '__proto__', '']) assert.ok(!isFaultCode(code));
});
