import { randomBytes } from 'node:crypto';
import { tokenHash } from './dpop.ts';
import { ControlError } from './fault.ts';

const SESSION_TOKENS_MAX = 64;
/** More than one session can have commands that one started for another, at once. */
const LINK_TOKENS_MAX = 10_000;
const TOKEN_BYTES = 32;

/** A session token's owner: RFC 9449's `cnf.jkt`, kept here instead of in the token. */
export type TokenHolder = {
  readonly session: string;
  readonly clientKey: string;
  /** The one command that it is good for; null: all of the session's. */
  readonly link: string | null;
};

/** Session tokens: 256 random bits that say nothing, known here by their hash only, good for one key. */
export class SessionTokens {
  readonly #holders = new Map<string, TokenHolder>();

  issue(holder: TokenHolder): string {
    const max = holder.link === null ? SESSION_TOKENS_MAX : LINK_TOKENS_MAX;
    if (this.#holders.size >= max)
      throw new ControlError('conflict', `Cannot open the session: ${max} were opened already, expected fewer`);
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    this.#holders.set(tokenHash(token), holder);
    return token;
  }

  revoke(token: string): void {
    this.#holders.delete(tokenHash(token));
  }

  /** Found by hash, so that the time it takes tells nothing about the tokens there are. */
  holder(token: string): TokenHolder | null {
    return this.#holders.get(tokenHash(token)) ?? null;
  }
}
