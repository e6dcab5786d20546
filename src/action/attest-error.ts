export type AttestErrorCode =
  /** This GitHub has no attestations, or none for this repository. */
  | 'unavailable'
  /** The workflow does not give the job what it takes. */
  | 'permission'
  /** GitHub gave no identity token for Sigstore. */
  | 'token'
  | 'certificate'
  | 'log'
  | 'timestamp'
  /** GitHub does not keep it. */
  | 'storage'
  | 'time'
  /** It was asked for something that no attestation can say. */
  | 'request'
  | 'fault';

/** Why there is no attestation, or why GitHub does not keep it, in one sentence for the job's log. Never a secret. */
export class AttestError extends Error {
  readonly code: AttestErrorCode;

  constructor(code: AttestErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AttestError';
    this.code = code;
  }
}

/** Nothing is wrong where GitHub does not offer it; everything else is to be mended. */
export function attestLevel(code: AttestErrorCode): 'notice' | 'warning' {
  return code === 'unavailable' ? 'notice' : 'warning';
}

/** The service that a step of signing asks. Its address, as far as anybody is told. */
export type SigningServices = { readonly certificates: string; readonly log: string; readonly timestamps: string };

/**
 * What the signing library threw, in our words. Its own are not repeated: some hold the identity token
 * (@sigstore/sign, `invalid identity token: …`), others whatever a service or a proxy answered.
 */
export function signingError(cause: unknown, services: SigningServices): AttestError {
  if (cause instanceof AttestError) return cause;
  switch (textOf(cause, 'code')) {
    case 'IDENTITY_TOKEN_READ_ERROR':
    case 'IDENTITY_TOKEN_PARSE_ERROR':
      return cannotAttest('token', 'GitHub gave no identity token for Sigstore, expected one (permissions: id-token: write)');
    case 'CA_CREATE_SIGNING_CERTIFICATE_ERROR':
      return serviceError('certificate', services.certificates, 'a certificate', cause);
    case 'TLOG_CREATE_ENTRY_ERROR':
    case 'TLOG_FETCH_ENTRY_ERROR':
      return serviceError('log', services.log, "an entry in Sigstore's log", cause);
    case 'TSA_CREATE_TIMESTAMP_ERROR':
      return serviceError('timestamp', services.timestamps, 'a timestamp', cause);
    default:
      return cannotAttest('fault', `${faultName(cause)}, expected no fault of the signing itself`);
  }
}

export function cannotAttest(code: AttestErrorCode, rest: string): AttestError {
  return new AttestError(code, `Cannot attest the evidence: ${rest}`);
}

function serviceError(code: AttestErrorCode, host: string, wanted: string, error: unknown): AttestError {
  const cause = error instanceof Error ? error.cause : undefined;
  const status = numberOf(cause, 'statusCode');
  if (status === null) {
    const state = `${host} cannot be reached from this runner${systemCode(cause)}`;
    return cannotAttest(code, `${state}, expected it to answer over HTTPS: a firewall or proxy must let it through`);
  }
  const mend = status >= 500 || status === 408 || status === 429 ? 'it to be well again in a later run' : 'it to accept this job';
  return cannotAttest(code, `${host} gave no ${wanted.replace(/^an? /, '')} (HTTP ${status}), expected ${mend}`);
}

/** Of an error of the system, which is a word of ours or nothing: ` (ECONNREFUSED)`. */
function systemCode(cause: unknown): string {
  const code = textOf(cause, 'code');
  return code !== null && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? ` (${code})` : '';
}

function faultName(cause: unknown): string {
  const name = cause instanceof Error ? cause.name : '';
  return /^[A-Za-z]{1,64}$/.test(name) ? name : 'an unknown fault';
}

function textOf(value: unknown, member: string): string | null {
  const found = memberOf(value, member);
  return typeof found === 'string' ? found : null;
}

function numberOf(value: unknown, member: string): number | null {
  const found = memberOf(value, member);
  return typeof found === 'number' && Number.isInteger(found) ? found : null;
}

function memberOf(value: unknown, member: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, member) : undefined;
}
