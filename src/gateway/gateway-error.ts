export type GatewayErrorCode =
  /** The bootstrap line is none. */
  | 'bootstrap'
  | 'policy'
  | 'secrets'
  /** The socket's folder, or the evidence folder, cannot be used. */
  | 'folder'
  /** This process was started in a way that would let others look into it. */
  | 'unhardened'
  | 'internal';

/** Why a gateway does not start; told to whoever started it. Never a secret (P5). */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode;

  constructor(code: GatewayErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GatewayError';
    this.code = code;
  }
}

/** `ENOENT` and the like, for messages. */
export function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown fault';
}
