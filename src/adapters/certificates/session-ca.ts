import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** PEM, PKCS #8 and X.509. The key exists in memory only. */
export type ServerCertificate = { readonly key: string; readonly cert: string };

/** What a target is called inside the cage: a client may verify any of these. */
export type CertifiedNames = { readonly dns: readonly string[]; readonly ip: readonly string[] };

export type SessionCa = {
  /** PEM: what clients inside trust. */
  readonly ca: string;
  issue(names: CertifiedNames): Promise<ServerCertificate>;
};

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR_MS = 60 * 60 * 1000;
/** A container's clock may lag behind. */
const BACKDATE_MS = HOUR_MS;
const VALID_MS = 24 * HOUR_MS;
/** RFC 5280, 4.1.2.2: at most 20 octets. */
const SERIAL_BYTES = 16;
/** RFC 1035, 2.3.4. A longer name cannot be looked up either. */
const NAME_CHARACTERS_MAX = 253;

/**
 * A certificate authority that exists for one session: its key is in this process's memory, its certificate is trusted inside
 * that session's cage and nowhere else, and both are gone with it.
 */
export async function createSessionCa(nowMs: number): Promise<SessionCa> {
  const keys = await makeKeys();
  const subject = `CN=duty-gate session ${randomBytes(8).toString('hex')}`;
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: newSerial(),
      name: subject,
      ...validity(nowMs),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    },
    webcrypto,
  );
  return {
    ca: certificate.toString('pem'),
    issue: (names) => issue({ issuer: certificate.subject, keys, nowMs }, names),
  };
}

type Authority = { readonly issuer: string; readonly keys: webcrypto.CryptoKeyPair; readonly nowMs: number };

async function issue(authority: Authority, names: CertifiedNames): Promise<ServerCertificate> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: newSerial(),
      subject: 'CN=duty-gate target',
      issuer: authority.issuer,
      ...validity(authority.nowMs),
      signingAlgorithm: ALGORITHM,
      publicKey: keys.publicKey,
      signingKey: authority.keys.privateKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(generalNames(names)),
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        await AuthorityKeyIdentifierExtension.create(authority.keys.publicKey),
      ],
    },
    webcrypto,
  );
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { key: PemConverter.encode(pkcs8, 'PRIVATE KEY'), cert: certificate.toString('pem') };
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

/** X.509 holds whole seconds. */
function validity(nowMs: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(nowMs - BACKDATE_MS), notAfter: new Date(nowMs + VALID_MS) };
}

/** Positive and without a leading zero octet, whatever was drawn. */
function newSerial(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function generalNames({ dns, ip }: CertifiedNames): JsonGeneralNames {
  const names = dns.filter((name) => name.length <= NAME_CHARACTERS_MAX);
  return [...names.map((value) => ({ type: 'dns' as const, value })), ...ip.map((value) => ({ type: 'ip' as const, value }))];
}
