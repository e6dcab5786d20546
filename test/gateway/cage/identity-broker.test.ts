import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { MintEntry } from '#core/audit/entry.ts';
import { IdentityBroker } from '#gateway/cage/identity-broker.ts';

function make(mint: (audience: string) => Promise<string> = async (audience) => `token for ${audience}`) {
  const events: string[] = [];
  const record = async ({ kind, link, audience, outcome }: MintEntry): Promise<void> =>
    void events.push(`${kind} ${link} ${audience} ${outcome}`);
  const asked = (audience: string): Promise<string> => {
    events.push(`asked ${audience}`);
    return mint(audience);
  };
  return { broker: new IdentityBroker({ link: '3', audiences: ['sts.amazonaws.com', 'a&b=c'], mint: asked, record }), events };
}

describe('IdentityBroker', () => {
  test('gives a token for an audience of the policy, recorded before GitHub is asked', async () => {
    const { broker, events } = make();
    const { status, body } = await broker.answer('api-version=2.0&audience=sts.amazonaws.com');
    assert.deepEqual([status, body], [200, { count: 1, value: 'token for sts.amazonaws.com' }]);
    assert.deepEqual(events, ['mint 3 sts.amazonaws.com granted', 'asked sts.amazonaws.com']);
  });

  test('reads an audience as it was meant, whatever is in it', async () => {
    const { broker, events } = make();
    assert.equal((await broker.answer(`audience=${encodeURIComponent('a&b=c')}`)).status, 200);
    assert.equal(events[1], 'asked a&b=c');
  });

  test('refuses an audience that the policy does not list, and records that it was asked for', async () => {
    const { broker, events } = make();
    const { status, body } = await broker.answer('audience=sts.amazonaws.com%20');
    assert.equal(status, 403);
    assert.match(JSON.stringify(body), /oidc\.audiences/);
    assert.deepEqual(events, ['mint 3 sts.amazonaws.com  refused']);
  });

  for (const query of [
    '',
    'api-version=2.0',
    'audience=',
    'audience=sts.amazonaws.com&audience=duty-gate:session:v1:x:y',
    'audience=sts.amazonaws.com&audience=sts.amazonaws.com',
    'audience=sts.amazonaws.com&%61udience=x',
    'audience=sts.amazonaws.com&scope=all',
    `audience=${'a'.repeat(256)}`,
  ]) {
    test(`R24 asks nobody for ${JSON.stringify(query.slice(0, 70))}`, async () => {
      const { broker, events } = make();
      assert.equal((await broker.answer(query)).status, 400);
      assert.deepEqual(events, []);
    });
  }

  test('R24 asks only for what the policy lists, whatever the query', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.webQueryParameters()), async (query) => {
        const { broker, events } = make();
        await broker.answer(query);
        for (const event of events.filter((each) => each.startsWith('asked '))) {
          assert.ok(['asked sts.amazonaws.com', 'asked a&b=c'].includes(event), query);
        }
      }),
      { verbose: 1 },
    );
  });

  test('says no more than that there is none when GitHub gives none', async () => {
    const { broker } = make(() => Promise.reject(new Error('Bearer of-the-job at https://of-github.example')));
    assert.deepEqual(await broker.answer('audience=sts.amazonaws.com'), { status: 502, body: { error: 'GitHub gave no token' } });
  });

  test('answers so many requests of a command and no more', async () => {
    const { broker, events } = make();
    const statuses = [];
    for (let n = 0; n < 205; n++) statuses.push((await broker.answer('audience=another')).status);
    assert.deepEqual([statuses.filter((status) => status === 403).length, statuses.at(-1), events.length], [200, 429, 200]);
  });
});
