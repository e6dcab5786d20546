/**
 * Base64url (RFC 4648 section 5) to bytes, or null. One spelling for each value: no padding, no white space, nothing
 * outside the alphabet, unused bits zero (3.5), so that no bit of an encoded value can be flipped unnoticed.
 */
export function decodeBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}
