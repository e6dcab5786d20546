import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verificationPage } from '#core/verify/page.ts';
import { verifyBundle } from '#core/verify/verify-bundle.ts';
import { makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
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
  for (const expected of [/^UNSEALED: consistent up to entry 10/, /Nothing is signed/, /\nNotes\n/]) assert.match(unsealed, expected);
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
