import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import {
  auditFile,
  auditFileNumber,
  decodeCanonical,
  decodeUtf8,
  encodeManifest,
  encodeSignature,
  Manifest,
  ManifestSignature,
  manifestSigningInput,
  parseRecordingPath,
  recordingName,
  recordingPath,
} from '#core/verify/manifest.ts';

const HASH = 'a'.repeat(64);
const MANIFEST = {
  v: 1,
  session: 's',
  gateway: 'g',
  entries: 2,
  first: HASH,
  last: HASH,
  files: [
    { path: 'b', bytes: 1, sha256: HASH },
    { path: 'a', bytes: 0, sha256: HASH },
  ],
} as const;
const KEY = { crv: 'Ed25519', kty: 'OKP', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const;

test('encodeManifest() sorts and decodes as itself', () => {
  const bytes = encodeManifest({ ...MANIFEST, files: [...MANIFEST.files] });
  assert.match(bytes.toString(), /^\{"entries":2,"files":\[\{"bytes":0,"path":"a",/);
  const decoded = decodeCanonical(bytes, Manifest);
  assert.ok(decoded.ok && decoded.value.files[0]?.path === 'a');
  assert.equal(manifestSigningInput(Buffer.from('x')).toString(), 'duty-gate:manifest:v1\nx');
});

test('decodeCanonical() takes one spelling only', () => {
  const text = encodeManifest({ ...MANIFEST, files: [...MANIFEST.files] }).toString();
  const bad = [
    `${text}\n`,
    ` ${text}`,
    `\ufeff${text}`,
    text.replace(/a{64}/, 'A'.repeat(64)),
    text.replace('"v":1', '"v":1,"x":1'),
    text.replace('"entries":2', '"entries":2.0'),
    text.replace('"path":"a"', '"path":"b"'),
    text.replace('"path":"a"', '"path":"\\u0061"'),
    '',
    'null',
    '{',
  ];
  for (const each of bad) assert.equal(decodeCanonical(Buffer.from(each), Manifest).ok, false, each);
  assert.equal(decodeCanonical(Buffer.from([0xff]), z.unknown()).ok, false);
  assert.equal(decodeUtf8(Buffer.from([0xc0, 0x80])), null);
});

test('ManifestSignature holds key and signature to their only spelling', () => {
  const bytes = encodeSignature(KEY, Buffer.alloc(64, 1));
  assert.ok(decodeCanonical(bytes, ManifestSignature).ok);
  const { sig } = JSON.parse(bytes.toString());
  for (const each of [`${sig.slice(0, -1)}R`, `${sig}==`, sig.slice(4), sig.replaceAll('A', '+')]) {
    assert.equal(decodeCanonical(Buffer.from(bytes.toString().replace(sig, each)), ManifestSignature).ok, false, each);
  }
});

test('auditFileNumber() undoes auditFile(), and knows no other path', () => {
  for (const number of [1, 2, 10, 123_456_789]) assert.equal(auditFileNumber(auditFile(number)), number);
  for (const path of ['audit-1.jsonl', 'audit-02.jsonl', 'audit-0.jsonl', 'audit-1234567890.jsonl', 'audit-2.json', 'x/audit-2.jsonl'])
    assert.equal(auditFileNumber(path), null, path);
});

test('parseRecordingPath() undoes recordingPath(), and knows no other path', () => {
  const of = 'terminal';
  assert.deepEqual(parseRecordingPath(recordingPath('a-1', 'terminal', 'rec')), { link: 'a-1', name: 'terminal', of, type: 'rec' });
  assert.deepEqual(parseRecordingPath(recordingPath('0', 'terminal-2', 'v3.cast')), { link: '0', name: 'terminal-2', of, type: 'v3.cast' });
  const responses = { link: '0', name: recordingName('responses', 12), of: 'responses', type: 'rec.age' } as const;
  assert.deepEqual(parseRecordingPath(recordingPath('0', 'responses-12', 'rec.age')), responses);
  for (const path of [
    'recordings/../terminal.rec',
    'recordings//terminal.rec',
    'recordings/0/terminal.recx',
    'recordings/0/terminal-.rec',
    'recordings/0/terminal-02.rec',
    'recordings/0/terminal2.rec',
    'recordings/0/responses.cast',
    'recordings/0/keyboard.rec',
    'recordings/0/terminal.rec\n',
    'x/recordings/0/terminal.rec',
  ])
    assert.equal(parseRecordingPath(path), null, path);
});
