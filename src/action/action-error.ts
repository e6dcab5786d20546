export type ActionErrorCode =
  /** The workflow gives the action something it cannot use. */
  | 'inputs'
  /** This machine cannot hold a command in a cage. */
  | 'runner'
  /** The action is used a second time in one job. */
  | 'second-use'
  | 'identity'
  | 'policy'
  /** The gateway did not start, or did not open the session. */
  | 'gateway'
  /** What an earlier step of the action left is not as it left it. */
  | 'folder'
  | 'upload'
  | 'cancelled';

/** A place in a file of the repository, 1-based. */
export type Place = { readonly line: number; readonly column: number; readonly message: string };

/** The one error of the action, written for whoever reads the job's log. Never a secret. */
export class ActionError extends Error {
  readonly code: ActionErrorCode;

  constructor(code: ActionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ActionError';
    this.code = code;
  }
}
