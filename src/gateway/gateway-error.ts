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

/** A place in the policy, 1-based. */
export type GatewayProblem = { readonly line: number; readonly column: number; readonly message: string };

/** Why a gateway does not start; told to whoever started it. Never a secret (P5). */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode;
  /** What is wrong with the policy, by line; also in the message. */
  readonly problems: readonly GatewayProblem[];

  constructor(code: GatewayErrorCode, message: string, options?: ErrorOptions & { readonly problems?: readonly GatewayProblem[] }) {
    super(message, options);
    this.name = 'GatewayError';
    this.code = code;
    this.problems = options?.problems ?? [];
  }
}

/** `ENOENT` and the like, for messages. */
export function errorCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown fault';
}
