/** What can go wrong between a client and the gateway; the closed set of codes on the wire, and two that only a client sees. */
export const FAULT_STATUS = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  failed: 500,
} as const;
export type FaultCode = keyof typeof FAULT_STATUS;

export type ControlErrorCode = FaultCode | 'unreachable' | 'protocol';

/**
 * The one error of the control protocol. Its message is written for the person at the other end: never a secret, never
 * another exception's words.
 */
export class ControlError extends Error {
  readonly code: ControlErrorCode;

  constructor(code: ControlErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ControlError';
    this.code = code;
  }
}

export function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(FAULT_STATUS, code);
}
