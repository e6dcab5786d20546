import { Decrypter, Encrypter } from 'age-encryption';

/** A recipient or identity that age does not know. */
export class AgeKeyError extends Error {
  override readonly name = 'AgeKeyError';
}

/** Encrypts each piece to all of them, as one age file (age-encryption.org/v1). @throws AgeKeyError */
export function createEncrypt(recipients: readonly string[]): (plaintext: Uint8Array) => Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient);
    } catch (cause) {
      throw new AgeKeyError(`Cannot encrypt to ${recipient}: it is no age recipient, expected age1… as age-keygen prints it`, { cause });
    }
  }
  return (plaintext) => encrypter.encrypt(plaintext);
}

/**
 * Decrypts what one of the identities opens; null where none does. Rejects for what is no age file, or was changed.
 * @throws AgeKeyError, without the identity
 */
export function createDecrypt(identities: readonly string[]): (ciphertext: Uint8Array) => Promise<Uint8Array | null> {
  const decrypter = new Decrypter();
  for (const [index, identity] of identities.entries()) {
    try {
      decrypter.addIdentity(identity);
    } catch {
      throw new AgeKeyError(`Cannot use identity ${index + 1}: it is no age identity, expected AGE-SECRET-KEY-1… as age-keygen prints it`);
    }
  }
  return async (ciphertext) => {
    try {
      return await decrypter.decrypt(ciphertext);
    } catch (cause) {
      if (cause instanceof Error && cause.message.startsWith(NO_IDENTITY)) return null;
      throw cause;
    }
  };
}

const NO_IDENTITY = 'no identity matched';

/** Lines of a file as age-keygen writes it: identities, comments, empty lines. */
export function identitiesIn(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
