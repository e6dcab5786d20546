import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { mintToken, requireIdentity } from '#action/identity-token.ts';

const WITH = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't' };
const never = async () => assert.fail('asked for the event');

test('requireIdentity() passes where GitHub gives the means, and does not look at the event', () => requireIdentity(WITH, never));

describe('requireIdentity() names both causes', () => {
  for (const environment of [{}, { ...WITH, ACTIONS_ID_TOKEN_REQUEST_URL: '' }, { ...WITH, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined }]) {
    it(JSON.stringify(environment), async () => {
      for (const event of [null, { name: 'push', fork: null }]) {
        const refused = requireIdentity(environment, async () => event);
        await assert.rejects(refused, {
          code: 'identity',
          message: /^Cannot get an identity token: .*permissions: id-token: write.*from a fork/s,
        });
      }
    });
  }
  it('and the fork first where it is one, whatever it is called', async () => {
    const refused = requireIdentity({}, async () => ({ name: 'pull_request', fork: 'evil/\u202e\n::error::x' }));
    await assert.rejects(refused, {
      message: /this is a pull request from a fork \(evil\/\\u\{202e\}\\u\{a\}::error::x\).*id-token: write has no effect/,
    });
  });
});

test('mintToken() asks once, for exactly this audience', async () => {
  const asked: string[] = [];
  const token = await mintToken('duty-gate:session:v1:g:h', async (audience) => {
    asked.push(audience);
    return 'jwt';
  });
  assert.deepEqual([token, asked], ['jwt', ['duty-gate:session:v1:g:h']]);
});

test('mintToken() says in one line why there is none', async () => {
  const failing = mintToken('a', async () => {
    throw new Error('Failed to get ID Token. \n \n        Error Code : 403\n ::error::x');
  });
  await assert.rejects(failing, {
    code: 'identity',
    message: /^Cannot get an identity token: Failed to get ID Token\. Error Code : 403 ::error::x, expected/,
  });
});
