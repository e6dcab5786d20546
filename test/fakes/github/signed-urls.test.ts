import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSignedUrls } from './signed-urls.ts';

const clock = { ms: 1_800_000_000_000 };
const urls = createSignedUrls('http://127.0.0.1:1', () => clock.ms);
const url = urls.sign('/blob/1', 'w');

test('sign() makes an address whose signature is long enough to be masked', () => {
  assert.ok((new URL(url).searchParams.get('sig') ?? '').length >= 40);
  assert.equal(urls.fault(new URL(url), 'w'), null);
  assert.equal(urls.fault(new URL(`${url}&comp=block&blockid=AAAA`), 'w'), null);
});

const CHANGES: readonly (readonly [name: string, change: (url: string) => string, right: 'r' | 'w', says: RegExp])[] = [
  ['another path', (text) => text.replace('/blob/1', '/blob/2'), 'w', /did not match/],
  ['a later end', (text) => text.replace('se=2027', 'se=2028'), 'w', /did not match/],
  ['more rights', (text) => text.replace('sp=w', 'sp=r'), 'r', /did not match/],
  ['no signature', (text) => text.replace(/&sig=.*/, ''), 'w', /did not match/],
  ['another use', (text) => text, 'r', /another right/],
];
for (const [name, change, right, says] of CHANGES) {
  test(`fault() finds ${name}`, () => assert.match(urls.fault(new URL(change(url)), right) ?? '', says));
}

test('fault() finds that the time is over', () => {
  clock.ms += 10 * 60_000;
  assert.match(urls.fault(new URL(url), 'w') ?? '', /time frame/);
});
