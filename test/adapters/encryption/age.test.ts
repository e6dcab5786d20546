import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { AgeKeyError, createDecrypt, createEncrypt, identitiesIn } from '#adapters/encryption/age.ts';

const SECRET = Buffer.from('what a terminal showed\r\n');

test('createEncrypt() makes of each piece an age file that any of the recipients opens, and nobody else', async () => {
  const [ann, bea, eve] = await Promise.all([generateIdentity(), generateIdentity(), generateIdentity()]);
  const encrypt = createEncrypt(await Promise.all([ann, bea].map(identityToRecipient)));
  const [first, second] = [await encrypt(SECRET), await encrypt(SECRET)];
  assert.ok(Buffer.from(first).toString('latin1').startsWith('age-encryption.org/v1\n'));
  assert.notDeepEqual(first, second);
  assert.ok(!Buffer.from(first).includes('terminal'));
  for (const identity of [ann, bea]) assert.deepEqual(Buffer.from((await createDecrypt([eve, identity])(first)) ?? []), SECRET);
  assert.equal(await createDecrypt([eve])(first), null);
});

test('createDecrypt() rejects what was changed, cut off or is no age file', async () => {
  const identity = await generateIdentity();
  const file = Buffer.from(await createEncrypt([await identityToRecipient(identity)])(SECRET));
  const decrypt = createDecrypt([identity]);
  const flipped = Buffer.from(file);
  flipped[file.length - 1] = (flipped[file.length - 1] ?? 0) ^ 1;
  for (const bad of [flipped, file.subarray(0, -1), Buffer.concat([file, Buffer.from([0])]), Buffer.alloc(0), SECRET])
    await assert.rejects(decrypt(bad));
});

test('createEncrypt() and createDecrypt() name what they cannot use, but no identity', async () => {
  const identity = await generateIdentity();
  const misspelled = (await identityToRecipient(identity)).replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'));
  assert.throws(() => createEncrypt([misspelled]), AgeKeyError);
  assert.throws(
    () => createDecrypt([`${identity}X`]),
    (fault) => fault instanceof AgeKeyError && !fault.message.includes(identity) && /identity 1/.test(fault.message),
  );
});

test('identitiesIn() reads a file of age-keygen', () => {
  assert.deepEqual(identitiesIn('# created: 2026\n# public key: age1…\r\nAGE-SECRET-KEY-1A\n\n  AGE-SECRET-KEY-1B \n'), [
    'AGE-SECRET-KEY-1A',
    'AGE-SECRET-KEY-1B',
  ]);
});
