import type { MintEntry } from '#core/audit/entry.ts';

export type IdentityBrokerParts = {
  readonly link: string;
  /** What the policy lists; none of ours is among them. */
  readonly audiences: readonly string[];
  /** Rejects when there is no token. */
  readonly mint: (audience: string) => Promise<string>;
  /** Resolves once it is written. */
  readonly record: (entry: MintEntry) => Promise<void>;
};

export type BrokerAnswer = { readonly status: number; readonly body: object };

/** Of one command, granted or not: each is an entry. */
const REQUESTS_MAX = 200;
const AUDIENCE_CHARACTERS_MAX = 255;

/**
 * Gets the job's identity token for commands, where the policy lists the audience, so that what trusts GitHub's tokens (a
 * cloud's roles, a package registry) goes on to work and nothing else does. The means to mint stay outside of the cage.
 *
 * INVARIANT (R24): one audience, read once; what GitHub is asked is built from the policy's own text.
 */
export class IdentityBroker {
  readonly #parts: IdentityBrokerParts;
  #requests = 0;

  constructor(parts: IdentityBrokerParts) {
    this.#parts = parts;
  }

  /** Answers as GitHub does: `{ count, value }`, or `{ error }`. @param query without its question mark. */
  async answer(query: string): Promise<BrokerAnswer> {
    this.#requests += 1;
    if (this.#requests > REQUESTS_MAX) return refused(429, `a command may ask for ${REQUESTS_MAX} tokens`);
    const audience = audienceIn(query);
    const { audiences, link, mint, record } = this.#parts;
    if (audience === null) return refused(400, 'the request must name one audience, and nothing but that and api-version');
    const granted = audiences.find((each) => each === audience);
    if (granted === undefined) {
      await record({ kind: 'mint', link, audience, outcome: 'refused' });
      return refused(403, 'the policy lists no such audience (oidc.audiences)');
    }
    await record({ kind: 'mint', link, audience: granted, outcome: 'granted' });
    try {
      return { status: 200, body: { count: 1, value: await mint(granted) } };
    } catch {
      return refused(502, 'GitHub gave no token');
    }
  }
}

/** Null when there is none, or several, or anything else is asked for. */
function audienceIn(query: string): string | null {
  const asked = new URLSearchParams(query);
  const names = [...asked.keys()];
  const [audience, ...others] = asked.getAll('audience');
  if (audience === undefined || others.length > 0 || names.some((name) => name !== 'audience' && name !== 'api-version')) return null;
  return audience !== '' && audience.length <= AUDIENCE_CHARACTERS_MAX ? audience.toWellFormed() : null;
}

function refused(status: number, why: string): BrokerAnswer {
  return { status, body: { error: why } };
}
