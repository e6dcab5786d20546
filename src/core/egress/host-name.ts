const NAME_CHARACTERS_MAX = 253;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * A host name in the one spelling that it is judged in: lower case, no final dot. Null for what is none, for instance an
 * address: a name whose last label is a number is read as an address by some programs (WHATWG URL, 3.5), and so is `0x7f.1`.
 */
export function egressHostName(text: string): string | null {
  const name = text.toLowerCase().replace(/\.$/, '');
  if (name.length > NAME_CHARACTERS_MAX) return null;
  const labels = name.split('.');
  if (!labels.every((label) => LABEL.test(label))) return null;
  return /^(?:[0-9]+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '') ? null : name;
}
