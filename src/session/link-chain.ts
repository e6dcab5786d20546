import type { ChainLink } from '#core/chain/chain.ts';

/** On whose behalf a command acts, as of now: agents that are seen in its cage, or in one it was started from, join it. */
export class LinkChain {
  readonly #before: () => readonly ChainLink[];
  readonly #own: ChainLink[] = [];

  private constructor(before: () => readonly ChainLink[]) {
    this.#before = before;
  }

  static ofSession(chain: readonly ChainLink[]): LinkChain {
    return new LinkChain(() => chain);
  }

  child(link: ChainLink): LinkChain {
    const child = new LinkChain(() => this.links());
    child.add(link);
    return child;
  }

  add(link: ChainLink): void {
    this.#own.push(link);
  }

  links(): readonly ChainLink[] {
    return [...this.#before(), ...this.#own];
  }
}
