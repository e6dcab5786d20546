export type GithubErrorCode =
  /** The address of the API is none that a token may be sent to. */
  | 'address'
  /** 401: the token is wrong or its job is over. */
  | 'unauthorized'
  /** 403: the token may not. */
  | 'forbidden'
  | 'rate-limited'
  /** No answer in time, or only failures. */
  | 'unreachable'
  /** 404, 451, and redirects: nothing there for this token. */
  | 'not-found'
  /** An answer of another form than GitHub documents. */
  | 'malformed'
  | 'too-large'
  /** A name, path or ref that cannot be asked for. */
  | 'misnamed';

/** Why GitHub's API did not answer what was asked. Never a token, never another exception (which would hold the request). */
export class GithubError extends Error {
  override readonly name = 'GithubError';
  readonly code: GithubErrorCode;

  constructor(code: GithubErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
