import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { createDecrypt } from '#adapters/encryption/age.ts';
import { FrameDecoder } from '#core/recording/frames.ts';
import { decryptedBytes, recordedRanges } from '#core/verify/recorded-bytes.ts';
import { KEEPS, makeBundle } from '#test/fixtures/bundle.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { loadBundle, memoryReader } from '#test/fixtures/memory-bundle.ts';

const PATH = 'recordings/0/terminal.rec.age';

test('decryptedBytes() gives the frames of an encrypted recording, whatever the pieces it is read in', async (t) => {
  const identity = await generateIdentity();
  const keeps = { ...KEEPS, recordings: 'encrypted', recipients: [await identityToRecipient(identity)] } as const;
  const output = Buffer.alloc(2_500_000, 'x');
  const files = loadBundle((await makeBundle(temporaryFolder(t), { keeps, output })).path);
  const decrypt = createDecrypt([identity]);
  for (const pieceBytes of [100_000, 1 << 21]) {
    const reader = memoryReader(files, { pieceBytes });
    const ranges = await recordedRanges(reader, await reader.members());
    assert.equal(ranges.get(PATH)?.length, 4);
    const decoder = new FrameDecoder();
    let bytes = 0;
    const member = { path: PATH, kind: 'file', bytes: files.get(PATH)?.length ?? 0 } as const;
    for await (const piece of decryptedBytes(reader, member, { ranges, decrypt }))
      for (const frame of decoder.push(piece)) if (frame.stream === 'output') bytes += frame.payload.length;
    decoder.end();
    assert.equal(bytes, output.length);
    const stranger = createDecrypt([await generateIdentity()]);
    const refused = decryptedBytes(reader, member, { ranges, decrypt: stranger });
    await assert.rejects(refused.next(), /no identity given opens it/);
  }
});
