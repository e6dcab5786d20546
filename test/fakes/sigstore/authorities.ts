import { createHash, generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { initializeCA } from '@sigstore/mock/dist/fulcio/ca.js';
import { initializeCTLog } from '@sigstore/mock/dist/fulcio/ctlog.js';
import { initializeTLog } from '@sigstore/mock/dist/rekor/tlog.js';
import { initializeTSA } from '@sigstore/mock/dist/timestamp/tsa.js';
import { type Signer, toSignedEntity, toTrustMaterial, type VerificationPolicy, Verifier } from '@sigstore/verify';

// Not from the package's own front: that puts itself in the place of node's HTTP client for the whole process.

type Keys = Parameters<typeof initializeCA>[0];
type TrustedRoot = Parameters<typeof toTrustMaterial>[0];
type LogRoot = TrustedRoot['tlogs'][number];
type AuthorityRoot = TrustedRoot['certificateAuthorities'][number];
type TimestampAuthority = Awaited<ReturnType<typeof initializeTSA>>;
type Parsed = Parameters<typeof toSignedEntity>[0];

export type Authorities = {
  readonly certificates: Awaited<ReturnType<typeof initializeCA>>;
  /** Null: this instance has no public log, and its certificates are in none. */
  readonly log: Awaited<ReturnType<typeof initializeTLog>> | null;
  readonly timestamps: TimestampAuthority;
  /** As somebody who trusts these authorities verifies a bundle as it lies in a file. @throws VerificationError, PolicyError */
  verify(bundle: unknown, policy?: VerificationPolicy): Signer;
};

const LOG_URL = 'https://rekor.sigstore.dev';
/** As @sigstore/protobuf-specs numbers them. */
const SHA2_256 = 1;
const PKIX_ECDSA_P256_SHA_256 = 5;

/** Authorities of Sigstore's own mock: what they issue is real, and only we trust it. */
export async function createAuthorities({ isLogged }: { readonly isLogged: boolean }): Promise<Authorities> {
  const ctlogKeys = newKeys();
  const logKeys = newKeys();
  const ctlog = isLogged ? await initializeCTLog(ctlogKeys) : null;
  const log = isLogged ? await initializeTLog(LOG_URL, logKeys) : null;
  const certificates = await initializeCA(newKeys(), ctlog ?? undefined);
  const timestamps = await createTimestampAuthority();
  const trust = toTrustMaterial({
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    certificateAuthorities: [authorityRoot([certificates.rootCertificate])],
    timestampAuthorities: [authorityRoot([timestamps.intCertificate, timestamps.rootCertificate])],
    tlogs: log === null ? [] : [logRoot(logKeys)],
    ctlogs: ctlog === null ? [] : [logRoot(ctlogKeys)],
  });
  const logged = isLogged ? 1 : 0;
  const verifier = new Verifier(trust, { ctlogThreshold: logged, tlogThreshold: logged, timestampThreshold: 1 });
  return {
    ...{ certificates, log, timestamps },
    verify: (bundle, policy) => verifier.verify(toSignedEntity(parseBundle(bundle)), policy),
  };
}

/** The verifier reads times of whole seconds only, which real authorities give; the mock gives what its clock shows. */
async function createTimestampAuthority(): Promise<TimestampAuthority> {
  const clock = new Date();
  const authority = await initializeTSA(newKeys(), clock);
  return {
    rootCertificate: authority.rootCertificate,
    intCertificate: authority.intCertificate,
    timestamp(request) {
      clock.setTime(Math.floor(Date.now() / 1000) * 1000);
      return authority.timestamp(request);
    },
  };
}

/** The verifier's own copy of the parser: it is no package of ours. */
const parseBundle: (json: unknown) => Parsed = (() => {
  const found: unknown = createRequire(createRequire(import.meta.url).resolve('@sigstore/verify'))('@sigstore/bundle');
  return (found as { bundleFromJSON(json: unknown): Parsed }).bundleFromJSON; // the package's documented export
})();

function newKeys(): Keys {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

function authorityRoot(chain: readonly ArrayBufferView<ArrayBuffer>[]): AuthorityRoot {
  return {
    subject: { commonName: 'sigstore', organization: 'sigstore.mock' },
    uri: '',
    certChain: { certificates: chain.map((each) => ({ rawBytes: bytesOf(each) })) },
    validFor: { start: new Date(0), end: undefined },
    operator: 'test',
  };
}

function logRoot(keys: Keys): LogRoot {
  const rawBytes = keys.publicKey.export({ type: 'spki', format: 'der' });
  return {
    baseUrl: LOG_URL,
    hashAlgorithm: SHA2_256,
    publicKey: { rawBytes, keyDetails: PKIX_ECDSA_P256_SHA_256, validFor: { start: new Date(0), end: undefined } },
    logId: { keyId: createHash('sha256').update(rawBytes).digest() },
    checkpointKeyId: undefined,
    operator: 'test',
  };
}

function bytesOf(view: ArrayBufferView<ArrayBuffer>): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}
