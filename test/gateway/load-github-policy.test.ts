import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256Hex } from '#core/audit/sha256.ts';
import { GatewayError } from '#gateway/gateway-error.ts';
import { loadGithubPolicy } from '#gateway/load-github-policy.ts';
import { COMMIT, repository, shop, startRest } from '#test/adapters/github/rest.ts';

const PLACE = { repository: 'acme/shop', path: '.github/duty-gate.yml', ref: null };
const POLICY = `version: 1
targets: { db: { protocol: postgres, address: db, database: shop, user: app } }
duties: { d: { allow: [ { on: db, effects: [read] } ] } }
bindings:
  - { duties: [d], when: { repository: [acme/shop, "acme/t*", "!acme/secret"] } }
  - { duties: [d], when: { repository: beta/tools } }
`;

test('loadGithubPolicy() brings the policy, its bytes, where they are from, and the ids of what it names (R4)', async (t) => {
  const { api, requests } = await startRest(t, { ...shop(POLICY), '/repos/beta/tools': repository('beta/tools', 77, 13) });
  const { policy, bytes, sha256, source } = await loadGithubPolicy(api, PLACE);
  assert.deepEqual([...policy.duties.keys()], ['d']);
  assert.deepEqual([Buffer.from(bytes).toString(), sha256], [POLICY, sha256Hex(POLICY)]);
  assert.deepEqual(source, {
    repository: 'acme/shop',
    repositoryId: '34',
    path: '.github/duty-gate.yml',
    ref: 'refs/heads/main',
    commit: COMMIT,
  });
  assert.deepEqual(
    [...(policy.repositoryIds?.repositories ?? [])],
    [
      ['acme/secret', null],
      ['acme/shop', '34'],
      ['beta/tools', '77'],
    ],
  );
  assert.deepEqual([...(policy.repositoryIds?.owners ?? [])], [['acme', '12']]);
  assert.equal(requests.filter((path) => path === '/repos/acme/shop').length, 1);
});

test('loadGithubPolicy() tells every problem of the policy with its line', async (t) => {
  const { api } = await startRest(
    t,
    shop(POLICY.replace('[read]', '[reed]').replace('duties: [d], when: { repository: beta', 'duties: [e], when: { repository: beta')),
  );
  const error = await loadGithubPolicy(api, PLACE).catch((cause: unknown) => cause);
  assert.ok(error instanceof GatewayError);
  assert.equal(error.code, 'policy');
  assert.match(error.message, /2 problem\(s\)[\s\S]*\.github\/duty-gate\.yml:3:[\s\S]*\.github\/duty-gate\.yml:6:/);
  assert.deepEqual(
    error.problems.map(({ line }) => line),
    [3, 6],
  );
  assert.match(error.problems[0]?.message ?? '', /^duties\.d\.allow\[0\]\.effects\[0\]: /);
});

test('loadGithubPolicy() says what a workflow lacks where GitHub shows no policy', async (t) => {
  const cases: readonly (readonly [routes: Parameters<typeof startRest>[1], says: RegExp])[] = [
    [{}, /Cannot read \/repos\/acme\/shop from GitHub.*"contents: read"/],
    [{ ...shop(POLICY), '/repos/acme/shop': { status: 403 } }, /may not read it\. The job needs "contents: read"/],
    [{ ...shop(POLICY), '/repos/acme/shop': { status: 401 } }, /"github-token"/],
    [{ '/repos/acme/shop': repository('acme/shop', 34, 12) }, /acme\/shop has no refs\/heads\/main/],
    [
      { ...shop(POLICY), [`/repos/acme/shop/contents/.github/duty-gate.yml?ref=${COMMIT}`]: { status: 404 } },
      /Cannot find \.github\/duty-gate\.yml in acme\/shop at refs\/heads\/main \(commit c0ffee/,
    ],
    [{ ...shop(POLICY), '/repos/beta/tools': { status: 500 } }, /\/repos\/beta\/tools from GitHub: it answered 500/],
  ];
  for (const [routes, says] of cases) {
    const { api } = await startRest(t, routes);
    await assert.rejects(loadGithubPolicy(api, PLACE), { name: 'GatewayError', code: 'policy', message: says });
  }
});

test('loadGithubPolicy() reads what is no UTF-8 into no policy', async (t) => {
  const { api } = await startRest(t, {
    ...shop(POLICY),
    [`/repos/acme/shop/contents/.github/duty-gate.yml?ref=${COMMIT}`]: { body: Buffer.from([0xff]) },
  });
  await assert.rejects(loadGithubPolicy(api, PLACE), { code: 'policy', message: /not UTF-8/ });
});
