import { ed25519Thumbprint, isSignedBy } from '#core/identity/ed25519.ts';
import {
  decodeCanonical,
  type FileDigest,
  MANIFEST_FILE,
  Manifest,
  ManifestSignature,
  manifestSigningInput,
  SIGNATURE_FILE,
} from './manifest.ts';
import type { Problem, SessionFacts } from './verification.ts';

export type ManifestFacts = {
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
  readonly session: SessionFacts;
  readonly chain: { readonly entries: number; readonly first: string; readonly last: string };
  /** What was read of every file but these two. */
  readonly digests: ReadonlyMap<string, FileDigest>;
};

/** The manifest lists every file as it is, and no other; the key that the session entry names has signed it. */
export function checkManifest(facts: ManifestFacts): readonly Problem[] {
  const manifest = decodeCanonical(facts.manifest, Manifest);
  if (!manifest.ok) return [{ code: 'manifest', where: MANIFEST_FILE, what: manifest.why }];
  return [...checkSignature(facts), ...checkHead(facts, manifest.value), ...checkFiles(facts.digests, manifest.value.files)];
}

function checkSignature({ manifest, signature, session }: ManifestFacts): readonly Problem[] {
  const decoded = decodeCanonical(signature, ManifestSignature);
  if (!decoded.ok) return [{ code: 'signature', where: SIGNATURE_FILE, what: decoded.why }];
  const { key, sig } = decoded.value;
  if (ed25519Thumbprint(key) !== session.evidenceKey) {
    return [{ code: 'signature', where: SIGNATURE_FILE, what: 'it is of another key than the session entry names' }];
  }
  if (isSignedBy(key, manifestSigningInput(manifest), Buffer.from(sig, 'base64url'))) return [];
  return [{ code: 'signature', where: SIGNATURE_FILE, what: 'it is not a signature of this manifest' }];
}

function checkHead({ session, chain }: ManifestFacts, manifest: Manifest): readonly Problem[] {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['session', manifest.session, session.session],
    ['gateway', manifest.gateway, session.gateway],
    ['entries', manifest.entries, chain.entries],
    ['first', manifest.first, chain.first],
    ['last', manifest.last, chain.last],
  ];
  return pairs
    .filter(([, said, found]) => said !== found)
    .map(([name]) => ({ code: 'manifest', where: MANIFEST_FILE, what: `its "${name}" is not that of the chain` }));
}

function checkFiles(digests: ManifestFacts['digests'], listed: readonly FileDigest[]): readonly Problem[] {
  const problems: Problem[] = [];
  const names = new Set(listed.map(({ path }) => path));
  for (const { path, bytes, sha256 } of listed) {
    const found = digests.get(path);
    if (found === undefined) problems.push({ code: 'manifest', where: path, what: 'the manifest lists it, and it is missing' });
    else if (found.bytes !== bytes || found.sha256 !== sha256) {
      problems.push({ code: 'manifest', where: path, what: 'it is not the file that the manifest lists: its bytes differ' });
    }
  }
  for (const path of digests.keys()) {
    if (!names.has(path)) problems.push({ code: 'manifest', where: path, what: 'the manifest does not list it' });
  }
  return problems;
}
