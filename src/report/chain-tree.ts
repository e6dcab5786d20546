import type { KnownEntry } from '#core/audit/entry-schema.ts';
import { cutText } from './cut.ts';

/** Links that a report shows. */
export const LINKS_MAX = 2000;

type Entry<K extends KnownEntry['kind']> = Extract<KnownEntry, { kind: K }>;

/** One link of the chains of a session, under the link it acts for. */
export type ReportLink = {
  /** How many links stand above it. */
  readonly depth: number;
  readonly kind: 'job' | 'cage' | 'command' | 'delegated' | 'agent';
  readonly link: string;
  readonly name: string;
  /** The duty that it added. */
  readonly duty: string;
  /** Operations of which it was the last link. */
  readonly allowed: number;
  readonly refused: number;
};

type Node = Omit<ReportLink, 'depth' | 'allowed' | 'refused'> & { allowed: number; refused: number; readonly below: Node[] };

/** Who acted for whom, as a tree: an agent stands under the command, or the job's cage, in which it was seen, and what is done there from then on under the agent. */
export class ChainTree {
  readonly #roots: Node[] = [];
  /** By command or cage: the last link of its chain, so far. */
  readonly #last = new Map<string, Node>();
  #nodes = 0;
  #leftOut = 0;

  session({ chain }: Pick<Entry<'session'>, 'chain'>): void {
    for (const { principal, duty } of chain)
      this.#put(this.#job, { kind: 'job', link: 'job', name: cutText(principal), duty: cutText(duty) });
  }

  /** A command of the job's own, unless another delegated to it. */
  started({ link, argv }: Pick<Entry<'command'>, 'link' | 'argv'>): void {
    if (this.#last.has(link)) return;
    const job = this.#job;
    const node = this.#put(job, { kind: 'command', link, name: cutText(argv.join(' ')), duty: job?.duty ?? '' });
    if (node !== null) this.#last.set(link, node);
  }

  /** What several commands share: what comes out of it is of none of them alone. */
  cage(cage: string): void {
    const job = this.#job;
    const node = this.#put(job, { kind: 'cage', link: cage, name: cutText(cage), duty: job?.duty ?? '' });
    if (node !== null) this.#last.set(cage, node);
  }

  delegation({ link, parent, executable, duty }: Entry<'delegation'>): void {
    const node = this.#put(this.#last.get(parent), { kind: 'delegated', link, name: cutText(executable), duty: cutText(duty) });
    if (node !== null) this.#last.set(link, node);
  }

  agent({ link, agent, executable, why, duty }: Entry<'agent'>): void {
    const name = executable ?? why ?? 'nobody knows who';
    const node = this.#put(this.#last.get(link), { kind: 'agent', link: agent, name: cutText(name), duty: cutText(duty) });
    if (node !== null) this.#last.set(link, node);
  }

  decision({ link, outcome }: Pick<Entry<'decision'>, 'link' | 'outcome'>): void {
    const node = this.#last.get(link);
    if (node === undefined) return;
    if (outcome === 'allow' || outcome === 'hold') node.allowed += 1;
    else node.refused += 1;
  }

  shown(): { readonly chains: readonly ReportLink[]; readonly linksLeftOut: number } {
    return { chains: this.#roots.flatMap((node) => flattened(node, 0)), linksLeftOut: this.#leftOut };
  }

  get #job(): Node | undefined {
    let job = this.#roots[0];
    for (let below = job; below?.kind === 'job'; below = below.below.find(({ kind }) => kind === 'job')) job = below;
    return job;
  }

  #put(above: Node | undefined, made: Omit<Node, 'allowed' | 'refused' | 'below'>): Node | null {
    if (this.#nodes >= LINKS_MAX) {
      this.#leftOut += 1;
      return null;
    }
    this.#nodes += 1;
    const node: Node = { ...made, allowed: 0, refused: 0, below: [] };
    (above?.below ?? this.#roots).push(node);
    return node;
  }
}

/** Depth is bounded by the number of links. */
function flattened({ below, ...node }: Node, depth: number): readonly ReportLink[] {
  const flat: ReportLink[] = [];
  const waiting: { node: Node; depth: number }[] = [{ node: { ...node, below }, depth }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { below: under, ...shown } = next.node;
    flat.push({ ...shown, depth: next.depth });
    for (const each of under.toReversed()) waiting.push({ node: each, depth: next.depth + 1 });
  }
  return flat;
}
