import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfinementSchema } from '#core/policy/schema-confinement.ts';

test('ConfinementSchema takes paths from the root and from home, and names of variables', () => {
  const confinement = {
    hide: ['/etc/keys', '~/.aws', '/a b/…'],
    persist: ['~/.cache'],
    require: true,
    'pass-env': ['GITHUB_TOKEN', 'PATH', '_x9'],
  };
  assert.deepEqual(ConfinementSchema.parse(confinement), confinement);
});

for (const [name, confinement, message] of [
  ['nothing', {}, /is empty/],
  ['an empty list', { hide: [] }, /hide/],
  ['a relative path', { hide: ['keys'] }, /is not such a path/],
  ['the root', { hide: ['/'] }, /is not such a path/],
  ['the home itself', { hide: ['~/'] }, /is not such a path/],
  ["another one's home", { hide: ['~root/x'] }, /is not such a path/],
  ['a way up', { hide: ['/etc/../x'] }, /is not such a path/],
  ['a double slash', { hide: ['//etc'] }, /is not such a path/],
  ['a control character', { hide: ['/a\nb'] }, /is not such a path/],
  ['a way up that stays', { persist: ['~/../x'] }, /is not such a path/],
  ['an opt-out', { require: false }, /runs nothing unconfined/],
  ['what is no name', { 'pass-env': ['A-B'] }, /is not the name of a variable/],
  ['a value', { 'pass-env': ['A=1'] }, /is not the name of a variable/],
  ['an input', { 'pass-env': ['INPUT_SECRETS'] }, /never passes/],
  ['a token to mint with', { 'pass-env': ['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] }, /never passes/],
  ['a variable of ours', { 'pass-env': ['DUTY_GATE_JOB'] }, /never passes/],
  ['an unknown key', { show: ['/x'] }, /show/],
] as const) {
  test(`ConfinementSchema refuses ${name}`, () => {
    const { success, error } = ConfinementSchema.safeParse(confinement);
    assert.equal(success, false);
    assert.match(JSON.stringify(error?.issues), message);
  });
}
