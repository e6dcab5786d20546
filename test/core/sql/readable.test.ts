import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAscii, readStatement, type TextSettings } from '#core/sql/readable.ts';

const SAFE: TextSettings = { clientEncoding: 'UTF8', standardConformingStrings: 'on' };

const CASES: readonly (readonly [about: string, bytes: Buffer, settings: TextSettings, readable: boolean])[] = [
  ['plain text', Buffer.from('select 1'), SAFE, true],
  ['UTF-8', Buffer.from("select 'é €'"), SAFE, true],
  ['R28a a NUL', Buffer.from('select 1\0; drop table t'), SAFE, false],
  [
    'R27 Shift-JIS under its own name',
    Buffer.from("select E'\x83\x5c'; drop table t --'", 'latin1'),
    { ...SAFE, clientEncoding: 'SJIS' },
    false,
  ],
  ['R27 Shift-JIS under UTF8', Buffer.from("select E'\x83\x5c'; drop table t --'", 'latin1'), SAFE, false],
  ['R27 valid UTF-8 under another encoding', Buffer.from("select 'é'"), { ...SAFE, clientEncoding: 'LATIN1' }, false],
  ['R27 SQL_ASCII', Buffer.from("select 'é'"), { ...SAFE, clientEncoding: 'SQL_ASCII' }, false],
  ['R27 ASCII under another encoding', Buffer.from("select 'e'"), { ...SAFE, clientEncoding: 'BIG5' }, true],
  ['R27 an encoding nobody told', Buffer.from("select 'é'"), { ...SAFE, clientEncoding: '' }, false],
  ['UTF-8 under its other spelling', Buffer.from("select 'é'"), { ...SAFE, clientEncoding: 'utf-8' }, true],
  ['overlong UTF-8', Buffer.from([0x27, 0xc0, 0xa7, 0x27]), SAFE, false],
  ['a surrogate in UTF-8', Buffer.from([0x27, 0xed, 0xa0, 0x80, 0x27]), SAFE, false],
  ['a cut character', Buffer.from([0x27, 0xe2, 0x82]), SAFE, false],
  ['R28 a backslash with strings off', Buffer.from("select 'a\\'"), { ...SAFE, standardConformingStrings: 'off' }, false],
  ['R28 a backslash with strings unproved', Buffer.from("select 'a\\'"), { ...SAFE, standardConformingStrings: 'unknown' }, false],
  ['R28 no backslash with strings off', Buffer.from("select 'a'"), { ...SAFE, standardConformingStrings: 'off' }, true],
  ['R28 a backslash with strings on', Buffer.from("select 'a\\'"), SAFE, true],
  ['as long as allowed', Buffer.alloc(100, ' '), SAFE, true],
  ['W-sql-4 longer than allowed', Buffer.alloc(101, ' '), SAFE, false],
];

for (const [about, bytes, settings, readable] of CASES) {
  test(`readStatement() ${readable ? 'reads' : 'refuses'} ${about}`, () => {
    const text = readStatement(bytes, 100, settings);
    if (readable) assert.equal(text, bytes.toString('utf8'));
    else assert.equal(typeof text === 'string' ? 'read' : text.kind, 'unreadable');
  });
}

test('readStatement() keeps a byte order mark: PostgreSQL sees it too', () => {
  assert.equal(readStatement(Buffer.from('\ufeffselect 1'), 100, SAFE), '\ufeffselect 1');
});

test('isAscii() is about every byte', () => {
  assert.equal(isAscii(Buffer.from('abc~')), true);
  assert.equal(isAscii(Buffer.from([0x61, 0x80])), false);
});
