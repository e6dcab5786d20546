import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OidcSchema } from '#core/policy/schema-oidc.ts';

test('OidcSchema takes audiences as others write them', () => {
  const oidc = { audiences: ['sts.amazonaws.com', 'https://index.example.com', '//iam.googleapis.com/projects/1/x', 'sigstore', 'a&b=c'] };
  assert.deepEqual(OidcSchema.parse(oidc), oidc);
});

for (const [name, oidc, message] of [
  ['nothing', {}, /audiences/],
  ['an empty list', { audiences: [] }, /audiences/],
  ['an empty audience', { audiences: [''] }, /is not an audience/],
  ['a space', { audiences: ['a b'] }, /is not an audience/],
  ['what is no ASCII', { audiences: ['ä'] }, /is not an audience/],
  ['one that is too long', { audiences: ['a'.repeat(256)] }, /is not an audience/],
  ['one that opens our sessions', { audiences: ['duty-gate:session:v1:x:y'] }, /no command may have/],
  ['one that approves, in other letters', { audiences: ['Duty-Gate:approve'] }, /no command may have/],
] as const) {
  test(`R24 OidcSchema refuses ${name}`, () => {
    const { success, error } = OidcSchema.safeParse(oidc);
    assert.equal(success, false);
    assert.match(JSON.stringify(error?.issues), message);
  });
}
