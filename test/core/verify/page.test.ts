import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withKeysFile } from '#core/verify/issuer-keys.ts';
import { verificationPage } from '#core/verify/page.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { BUNDLE_ISSUER, makeIssuedBundle } from '#test/fixtures/issued-bundle.ts';
import { jwkOf, RSA_KEY } from '#test/fixtures/issuer.ts';
import { loadBundle, memoryReader } from '#test/fixtures/memory-bundle.ts';

test('verificationPage() tells apart what is proved and what is claimed, for each verdict (R3, R36)', async (t) => {
  const sealed = loadBundle((await makeBundle(temporaryFolder(t))).path);
  const page = async (files: ReadonlyMap<string, Buffer>): Promise<string> => verificationPage(await verifyBundle(memoryReader(files)));
  const whole = await page(sealed);
  for (const expected of [
    /^SEALED/,
    /unanchored, issuer local/,
    /\nProved\n/,
    /\nClaimed, not proved\n/,
    /1 operations allowed, 1 refused, 3 values masked/,
  ])
    assert.match(whole, expected);
  const unsealed = await page(new Map([...sealed].filter(([path]) => path !== 'manifest.sig')));
  for (const expected of [
    /^UNSEALED: consistent up to entry 11/,
    /signed the first 8 entries; nobody signed what comes after/,
    /\nNotes\n/,
  ])
    assert.match(unsealed, expected);
  const early = Buffer.from(`${sealed.get('audit.jsonl')}`.split('\n').slice(0, 5).join('\n'));
  assert.match(
    await page(new Map([...sealed, ['audit.jsonl', early]].filter(([path]) => path !== 'manifest.sig') as [string, Buffer][])),
    /Nothing is signed/,
  );
  const broken = await page(new Map([...sealed, ['policy.yml', Buffer.from('other')]]));
  for (const expected of [/^BROKEN/, /\nProblems\n/, /policy\.yml: .*\[policy\]/]) assert.match(broken, expected);
  assert.doesNotMatch(broken, /Proved/);
});

test('verificationPage() shows nothing of a bundle that a terminal would act on (R37)', async (t) => {
  const hostile = '\x1b]0;owned\x07\u202e\u009b6n';
  const { path } = await makeBundle(temporaryFolder(t), {
    tamper: (entry) => ({
      ...entry,
      issuer: hostile,
      claims: { sub: hostile },
      chain: [
        {
          ...entry.chain[0],
          principal: hostile,
          duty: hostile,
          executable: hostile,
          started: '2026-01-02T03:04:05.678Z',
          keyThumbprint: hostile,
        },
      ],
    }),
  });
  const page = verificationPage(await verifyBundle(memoryReader(loadBundle(path))));
  assert.match(page, /\\u001b\]0;owned/);
  assert.doesNotMatch(page, /[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
});

test('verificationPage() says who vouches where an issuer does, and what not even it can know (R2)', async (t) => {
  const parent = temporaryFolder(t);
  const reader = () => memoryReader(bundle);
  const bundle = loadBundle((await makeIssuedBundle(parent)).path);
  const keys = withKeysFile(JSON.stringify({ issuers: [{ issuer: BUNDLE_ISSUER, keys: [jwkOf(RSA_KEY, 'key-one')] }] }));
  assert.ok(typeof keys !== 'string');
  const anchored = verificationPage(await verifyBundle(reader(), { keys }));
  assert.match(anchored, /^SEALED and intact: the issuer of its token, known from outside the bundle, vouches/);
  assert.match(anchored, /githubusercontent\.com signed, for a process of exactly this job/);
  assert.match(anchored, /By the job: that the process which named these keys was duty-gate/);
  assert.doesNotMatch(anchored, /Anybody can make a bundle/);
  const without = verificationPage(await verifyBundle(reader()));
  assert.match(without, /^SEALED and intact: unanchored/);
  assert.match(without, /whose key is not known from outside the bundle: who opened the session\. Anybody can make/);
  assert.match(without, /--keys FILE can name it/);
});
