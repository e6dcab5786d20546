export type WrapErrorCode =
  /** Neither way into a cage is open here. */
  | 'no-entrance'
  /** A tool of the system is missing. */
  | 'tool-missing'
  /** A step of the set-up failed; nothing ran. */
  | 'set-up'
  /** The gateway would not start, open the session or listen inside. */
  | 'gateway'
  /** An escape attempt succeeded, or it is not proved that none does. */
  | 'escape'
  /** What was asked for cannot be run. */
  | 'usage';

/** The one error of the wrapper: nothing ran, and the caller exits 125. */
export class WrapError extends Error {
  readonly code: WrapErrorCode;

  constructor(code: WrapErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'WrapError';
    this.code = code;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
