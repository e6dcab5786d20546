import assert from 'node:assert/strict';
import { test } from 'node:test';
import { egressHostName } from '#core/egress/host-name.ts';

for (const [text, name] of [
  ['registry.example.com', 'registry.example.com'],
  ['Registry.EXAMPLE.com.', 'registry.example.com'],
  ['_dmarc.example.com', '_dmarc.example.com'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['localhost', 'localhost'],
  [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  [`${'a'.repeat(64)}.example`, null],
  [`${'a.'.repeat(126)}aa`, null],
  ['', null],
  ['.', null],
  ['a..b', null],
  ['a.b..', null],
  ['-a.example', null],
  ['a-.example', null],
  ['bücher.example', null],
  ['a b.example', null],
  ['a\0.example', null],
  ['a/b.example', null],
  ['127.0.0.1', null],
  ['127.1', null],
  ['2130706433', null],
  ['0x7f000001', null],
  ['0x7f.0x1', null],
  ['0x', null],
  ['[::1]', null],
  ['::1', null],
] as const) {
  test(`egressHostName() makes ${JSON.stringify(text.slice(0, 40))} of ${text.length} characters ${name === null ? 'nothing' : 'a name'}`, () => {
    assert.equal(egressHostName(text), name);
  });
}
