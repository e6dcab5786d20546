import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkBindings, warnBindings } from '#core/policy/link-bindings.ts';
import { pathText } from '#core/policy/problems.ts';

test('linkBindings() wants an owner, unless the issuer is local alone', () => {
  const faultsOf = (when: unknown) => linkBindings([{ duties: ['d'], when }], ['d']).map(({ path }) => pathText(path));
  assert.deepEqual(faultsOf({ issuer: 'local' }), []);
  assert.deepEqual(faultsOf({ repository: 'a/b' }), []);
  assert.deepEqual(faultsOf({ 'workflow-ref': 'a/b/c@d' }), []);
  assert.deepEqual(faultsOf({ issuer: ['local', 'https://x'], event: 'push' }), ['bindings[0].when']);
  assert.deepEqual(faultsOf({}), ['bindings[0].when']);
});

test('R4: warnBindings() wants the workflow named for more than reading', () => {
  const warned = (effects: readonly string[] | undefined, when: object) =>
    warnBindings({ duties: { d: { allow: [{ on: 'db', effects }] } }, bindings: [{ duties: ['d'], when }] }).map(({ path }) =>
      pathText(path),
    );
  assert.deepEqual(warned(['read', 'session'], { repository: 'a/b' }), []);
  assert.deepEqual(warned(['insert'], { repository: 'a/b' }), ['bindings[0].when']);
  assert.deepEqual(warned(undefined, { repository: 'a/b' }), ['bindings[0].when']);
  assert.deepEqual(warned(['insert'], { 'job-workflow-ref': 'a/b/c@d' }), []);
  assert.deepEqual(warned(['insert'], { issuer: 'local' }), []);
});

test('warnBindings() warns of an issuer on this machine', () => {
  const warned = (issuer: string | readonly string[]) =>
    warnBindings({
      duties: { d: { allow: [{ on: 'db', effects: ['read'] }] } },
      bindings: [{ duties: ['d'], when: { issuer, repository: 'a/b' } }],
    });
  assert.deepEqual(warned('https://a.example'), []);
  assert.match(warned(['https://a.example', 'http://127.0.0.1:1/x'])[0]?.message ?? '', /simulators only/);
});
