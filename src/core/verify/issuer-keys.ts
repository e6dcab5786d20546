import * as z from 'zod';
import { type RsaKey, signingKeys } from '#core/identity/rsa-key.ts';
import { hasRepeatedMember } from '#core/identity/unique-members.ts';
import { PINNED_KEYS } from './pinned-keys.ts';

/** Keys of issuers that come from outside the bundle (R1). What a bundle brings along can vouch for nothing. */
export type KnownKeys = { find(issuer: string, kid: string): RsaKey | null };

export type IssuerKey = RsaKey & { readonly issuer: string };

export const KEYS_FILE_BYTES_MAX = 1024 * 1024;
const ISSUERS_MAX = 100;
const KEYS_MAX = 100;

const KeysFile = z.strictObject({
  issuers: z
    .array(z.strictObject({ issuer: z.string().min(1).max(1024), keys: z.array(z.unknown()).min(1).max(KEYS_MAX) }))
    .min(1)
    .max(ISSUERS_MAX),
});

/** The keys that this version came with. */
export function pinnedKeys(): KnownKeys {
  return lookUp(PINNED_KEYS);
}

/**
 * The keys of a file besides the pinned ones: `{"issuers":[{"issuer":"https://…","keys":[JWK…]}]}`. A text in answer says why it is
 * none. It may not put another key in a pinned one's place.
 */
export function withKeysFile(text: string, pinned: readonly IssuerKey[] = PINNED_KEYS): KnownKeys | string {
  const parsed = KeysFile.safeParse(parseJson(text));
  if (!parsed.success) return 'it is not {"issuers":[{"issuer":"…","keys":[…]}]}';
  const { issuers } = parsed.data;
  if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length) return 'it names an issuer twice';
  const given = issuers.flatMap(({ issuer, keys }) => signingKeys(keys).map((key) => ({ issuer, ...key })));
  const without = issuers.find(({ issuer }) => !given.some((key) => key.issuer === issuer));
  if (without !== undefined)
    return `it has no key for ${JSON.stringify(without.issuer)}, expected RSA, "use":"sig", RS256, 2048 bits or more`;
  const other = given.find((key) => pinned.some((pin) => isSameId(pin, key) && (pin.n !== key.n || pin.e !== key.e)));
  if (other !== undefined)
    return `it has another key ${JSON.stringify(other.kid)} of ${JSON.stringify(other.issuer)} than this version knows`;
  return lookUp([...pinned, ...given]);
}

function lookUp(keys: readonly IssuerKey[]): KnownKeys {
  return { find: (issuer, kid) => keys.find((key) => isSameId(key, { issuer, kid })) ?? null };
}

type Id = { readonly issuer: string; readonly kid: string };

function isSameId(a: Id, b: Id): boolean {
  return a.issuer === b.issuer && a.kid === b.kid;
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return hasRepeatedMember(text) ? undefined : value;
  } catch {
    return undefined;
  }
}
