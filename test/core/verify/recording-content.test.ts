import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256Hex } from '#core/audit/sha256.ts';
import { AsciicastWriter } from '#core/recording/asciicast.ts';
import { encodeFrame, type RecordingFrame } from '#core/recording/frames.ts';
import { ENCRYPTED_RANGE_BYTES_MAX, EncryptedContent, FrameContent } from '#core/verify/recording-content.ts';

const FRAMES: readonly RecordingFrame[] = [1, 2, 3].map((micros) => ({
  micros,
  stream: 'output',
  payload: Buffer.from(`frame ${micros} ö`),
}));
const BYTES = Buffer.concat(FRAMES.map(encodeFrame));

test('FrameContent derives both casts again, wherever the parts are cut', () => {
  const writer = new AsciicastWriter();
  const lines = [...FRAMES.map((frame) => writer.frame(frame)), writer.end()];
  for (const partBytes of [1, 8, 1000]) {
    const content = new FrameContent();
    for (let from = 0; from < BYTES.length; from += partBytes) assert.equal(content.take(BYTES.subarray(from, from + partBytes)), null);
    assert.equal(content.end(), null);
    const [v2, v3] = [lines.map((each) => each.v2).join(''), lines.map((each) => each.v3).join('')];
    assert.deepEqual(content.casts, {
      cast: { bytes: Buffer.byteLength(v2), sha256: sha256Hex(v2) },
      'v3.cast': { bytes: Buffer.byteLength(v3), sha256: sha256Hex(v3) },
    });
  }
});

test('FrameContent says what is no recording', () => {
  assert.match(new FrameContent().take(Buffer.alloc(13, 0xff)) ?? '', /expected at most 1048576/);
  const cut = new FrameContent();
  assert.equal(cut.take(BYTES.subarray(0, 5)), null);
  assert.match(cut.end() ?? '', /whole one/);
});

const opened = async (ciphertext: Uint8Array): Promise<Uint8Array | null> => {
  if (ciphertext[0] !== 0x21) throw new Error('no age file');
  return ciphertext.subarray(1);
};

async function read(content: EncryptedContent, ranges: readonly Buffer[]): Promise<string | null> {
  for (const range of ranges) {
    const said = content.take(range.subarray(0, 3)) ?? content.take(range.subarray(3)) ?? (await content.endRange());
    if (said !== null) return said;
  }
  return content.end();
}

test('EncryptedContent decrypts range by range, and reads the frames that they make together', async () => {
  const sealed = (plaintext: Buffer): Buffer => Buffer.concat([Buffer.from('!'), plaintext]);
  assert.equal(await read(new EncryptedContent(opened), [sealed(BYTES.subarray(0, 20)), sealed(BYTES.subarray(20))]), null);
  assert.match((await read(new EncryptedContent(opened), [sealed(BYTES.subarray(0, 20))])) ?? '', /whole one/);
  assert.match((await read(new EncryptedContent(opened), [BYTES])) ?? '', /not an age file/);
  assert.match((await read(new EncryptedContent(opened), [sealed(Buffer.alloc(13, 0xff))])) ?? '', /expected at most 1048576/);
});

test('EncryptedContent says that no key opens it, and holds no more than a range', async () => {
  const content = new EncryptedContent(async () => null);
  assert.equal(await read(content, [BYTES, BYTES]), null);
  assert.equal(content.unread, true);
  assert.match(new EncryptedContent(opened).take(Buffer.alloc(ENCRYPTED_RANGE_BYTES_MAX + 1)) ?? '', /longer than/);
});
