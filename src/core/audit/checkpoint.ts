import { decodeBase64url } from '#core/identity/base64url.ts';
import { type Ed25519Jwk, ed25519Thumbprint, isSignedBy } from '#core/identity/ed25519.ts';
import { canonicalJson } from './canonical-json.ts';

/** How far a chain had come: `entries` lines, the last of which has the hash `last` (64 lower-case hex digits). */
export type ChainHead = { readonly session: string; readonly entries: number; readonly last: string };

/** A head with the evidence key's word for it. `sig`: 64 bytes, base64url. */
export type Checkpoint = ChainHead & { readonly key: Ed25519Jwk; readonly sig: string };

/** What is signed (docs/evidence.md, `checkpoint`): behind a line that no other signature of the evidence key begins with. */
export function checkpointSigningInput({ session, entries, last }: ChainHead): Buffer {
  return Buffer.from(`duty-gate:checkpoint:v1\n${canonicalJson({ entries, last, session, v: 1 })}`, 'utf8');
}

export function isGoodCheckpoint({ key, sig, ...head }: Checkpoint, evidenceKey: string): boolean {
  const signature = decodeBase64url(sig);
  return signature !== null && ed25519Thumbprint(key) === evidenceKey && isSignedBy(key, checkpointSigningInput(head), signature);
}

/** As it stands in a step's log: what leaves the runner cannot be taken back (R36). */
export function checkpointText({ session, entries, last, key, sig }: Checkpoint): string {
  return `dgc1.${session}.${entries}.${Buffer.from(last, 'hex').toString('base64url')}.${key.x}.${sig}`;
}

const TEXT =
  /dgc1\.([A-Za-z0-9_-]{1,64})\.(0|[1-9][0-9]{0,15})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{86})(?![A-Za-z0-9_-])/g;

/** Every checkpoint that stands somewhere in a line, well formed, whoever wrote it. */
export function findCheckpoints(line: string): readonly Checkpoint[] {
  const found: Checkpoint[] = [];
  for (const [, session = '', count = '', last = '', x = '', sig = ''] of line.matchAll(TEXT)) {
    const [hash, entries] = [decodeBase64url(last), Number(count)];
    if (hash === null || hash.length !== 32 || !Number.isSafeInteger(entries)) continue;
    found.push({ session, entries, last: Buffer.from(hash).toString('hex'), key: { crv: 'Ed25519', kty: 'OKP', x }, sig });
  }
  return found;
}
