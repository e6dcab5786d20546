import * as z from 'zod';
import { canonicalJson, isCanonicalJson } from '#core/audit/canonical-json.ts';
import { describe } from '#core/audit/entry-schema.ts';
import { decodeBase64url } from '#core/identity/base64url.ts';
import { Ed25519Jwk } from '#core/identity/ed25519.ts';

/** Paths of a bundle, and the sizes within which a verifier reads them. */
export const AUDIT_FILE = 'audit.jsonl';
const AUDIT_CONTINUED = /^audit-([1-9][0-9]{0,8})\.jsonl$/;
export const POLICY_FILE = 'policy.yml';
export const TOKEN_FILE = 'token.jwt';
export const MANIFEST_FILE = 'manifest.json';
export const SIGNATURE_FILE = 'manifest.sig';
/** The signature while it is being written: it gets its name when it is whole. */
export const SIGNATURE_DRAFT_FILE = 'manifest.sig.tmp';

export const POLICY_BYTES_MAX = 4 * 1024 * 1024;
export const TOKEN_BYTES_MAX = 64 * 1024;
export const MANIFEST_BYTES_MAX = 16 * 1024 * 1024;
export const SIGNATURE_BYTES_MAX = 1024;
export const BUNDLE_FILES_MAX = 10_000;

/** The audit's files in their order: `audit.jsonl` is 1, `audit-2.jsonl` 2, and so on; null for every other path. */
export function auditFileNumber(path: string): number | null {
  if (path === AUDIT_FILE) return 1;
  const number = Number(AUDIT_CONTINUED.exec(path)?.[1] ?? 0);
  return number < 2 ? null : number;
}

export function auditFile(number: number): string {
  return number === 1 ? AUDIT_FILE : `audit-${number}.jsonl`;
}

/** Of the frames, in the clear and encrypted, and what is derived of them: asciicast v2 and v3. */
export const RECORDING_TYPES = ['rec', 'rec.age', 'cast', 'v3.cast'] as const;
export type RecordingType = (typeof RECORDING_TYPES)[number];

export type RecordingPath = {
  readonly link: string;
  /** `terminal`, `terminal-2`, `responses` … */
  readonly name: string;
  readonly of: 'terminal' | 'responses';
  readonly type: RecordingType;
};

const RECORDING = /^recordings\/([A-Za-z0-9_-]{1,64})\/((terminal|responses)(?:-[1-9][0-9]{0,8})?)\.(rec|rec\.age|cast|v3\.cast)$/;

/** `recordings/<link>/<name>.<type>` taken apart; null for every other path. */
export function parseRecordingPath(path: string): RecordingPath | null {
  const [, link, name, of, type] = RECORDING.exec(path) ?? [];
  const known = RECORDING_TYPES.find((each) => each === type);
  if (link === undefined || name === undefined || known === undefined) return null;
  if (of === 'terminal') return { link, name, of, type: known };
  return known === 'rec' || known === 'rec.age' ? { link, name, of: 'responses', type: known } : null;
}

export function recordingPath(link: string, name: string, type: RecordingType): string {
  return `recordings/${link}/${name}.${type}`;
}

/** Of a recording that is continued: `terminal`, `terminal-2`, `terminal-3` … */
export function recordingName(of: RecordingPath['of'], number: number): string {
  return number === 1 ? of : `${of}-${number}`;
}

/** A file as it was written. `sha256`: 64 lower-case hex digits. */
export type FileDigest = { readonly path: string; readonly bytes: number; readonly sha256: string };

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Digest = z.strictObject({ bytes: z.int().min(0), path: z.string().max(256), sha256: Sha256 });

export const Manifest = z.strictObject({
  /** Lines of audit.jsonl, the seal included; hashes of its first and last. */
  entries: z.int().min(2),
  /** Every file but manifest.json and manifest.sig, sorted by path. */
  files: z.array(Digest).max(BUNDLE_FILES_MAX).refine(isSortedByPath, 'expected sorted by path, each path once'),
  first: Sha256,
  gateway: z.string(),
  last: Sha256,
  session: z.string(),
  v: z.literal(1),
});
export type Manifest = z.infer<typeof Manifest>;

export const ManifestSignature = z.strictObject({
  alg: z.literal('EdDSA'),
  key: Ed25519Jwk,
  /** 64 bytes, base64url in its only spelling. */
  sig: z.string().refine((sig) => decodeBase64url(sig)?.length === 64, 'expected 64 bytes in strict base64url'),
});
export type ManifestSignature = z.infer<typeof ManifestSignature>;

/** The bytes of `manifest.json`. */
export function encodeManifest(manifest: Manifest): Buffer {
  const files = [...manifest.files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return Buffer.from(canonicalJson({ ...manifest, files }), 'utf8');
}

/** What is signed: the manifest's bytes behind a line that no other signature of the evidence key begins with. */
export function manifestSigningInput(manifest: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('duty-gate:manifest:v1\n', 'latin1'), manifest]);
}

export function encodeSignature(key: Ed25519Jwk, signature: Uint8Array): Buffer {
  return Buffer.from(canonicalJson({ alg: 'EdDSA', key, sig: Buffer.from(signature).toString('base64url') }), 'utf8');
}

export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** A JSON document that must be canonical byte for byte and of the given shape. */
export function decodeCanonical<T>(bytes: Uint8Array, schema: z.ZodType<T>): Decoded<T> {
  const text = decodeUtf8(bytes);
  if (text === null) return { ok: false, why: 'it is not UTF-8' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, why: 'it is not JSON' };
  }
  if (!isCanonicalJson(text, value)) return { ok: false, why: 'it is not canonical JSON (RFC 8785)' };
  const parsed = schema.safeParse(value);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, why: describe(parsed.error) };
}

/** Strict: null for bytes that are not UTF-8; a byte order mark is kept as what it is. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isSortedByPath(files: readonly FileDigest[]): boolean {
  return files.every((file, index) => index === 0 || (files[index - 1]?.path ?? '') < file.path);
}
