import type { KeyObject } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { AuditFile } from '#adapters/files/audit-file.ts';
import type { Checkpoints } from '#adapters/files/checkpoints.ts';
import { EvidenceFault, type EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import type { Encrypt } from '#adapters/files/recording-file.ts';
import { sealBundle } from '#adapters/files/seal.ts';
import { ControlError } from '#control/fault.ts';
import type {
  CageRequest,
  CloseAnswer,
  ConfinementRequest,
  EndAnswer,
  EndRequest,
  LinkAnswer,
  LinkRequest,
  OpenAnswer,
} from '#control/messages.ts';
import type { Keeps } from '#core/audit/entry.ts';
import { type ChainLink, chainDigest, delegatedLink } from '#core/chain/chain.ts';
import { DELEGATION_LIMITS, delegationFault } from '#core/chain/delegation-limits.ts';
import { whoamiOf } from '#core/chain/whoami.ts';
import { dutyNames } from '#core/policy/effective-duty.ts';
import type { AgentRule, Duty } from '#core/policy/policy.ts';
import { LinkChain } from '#session/link-chain.ts';
import { Narrowing } from '#session/narrowing.ts';
import type { Clock } from '#session/ports.ts';
import type { Command, DutySession } from '#session/session.ts';
import type { CageAddresses } from './cage/addresses.ts';
import { IDENTITY_URL } from './cage/inner-control.ts';
import type { CheckpointRounds } from './checkpoint-rounds.ts';
import { type GatesFor, LiveLink, type LiveLinkParts } from './live-link.ts';
import { signChain } from './sign-chain.ts';

export type LiveSessionParts = {
  readonly session: DutySession;
  readonly folder: EvidenceFolder;
  readonly audit: AuditFile;
  readonly gatesFor: GatesFor;
  readonly agents: readonly AgentRule[];
  /** What a command may be held to that another starts. */
  readonly duties: ReadonlyMap<string, Duty>;
  /** With which the chain of every command begins. */
  readonly chain: readonly ChainLink[];
  readonly identity: LiveLinkParts['identity'];
  readonly egress: LiveLinkParts['egress'];
  readonly keeps: Keeps;
  readonly encrypt: Encrypt | null;
  readonly checkpoints: Checkpoints;
  readonly rounds: CheckpointRounds;
  readonly clock: Clock;
  /** The token as it goes into the evidence at the end; null: it is there. */
  readonly lateToken: () => string | null;
  readonly addresses: CageAddresses;
  readonly ca: string;
  readonly hide: readonly string[];
  readonly passEnv: readonly string[];
  readonly gateway: string;
  readonly evidenceKey: KeyObject;
  readonly recordingBeginMsMax: number;
};

/** A command that was started: what it may do, for whom it acts, how far it is from the job, and what it started in turn. */
type Started = {
  readonly live: LiveLink;
  readonly right: Narrowing;
  readonly chain: LinkChain;
  readonly depth: number;
  readonly children: Set<string>;
};

export type DelegateRequest = LinkRequest & { readonly duty: string };

/** Commands of one session. */
export const LINKS_MAX = 10_000;

/** An open session and all it holds on to: links, bundle. It ends by `close`, sealed, or by `abort`, unsealed. */
export class LiveSession {
  readonly ended: Promise<void>;
  readonly #parts: LiveSessionParts;
  readonly #links = new Map<string, Started>();
  #linksStarted = 0;
  #closing: Promise<void> | null = null;
  #aborted: Promise<void> | null = null;

  constructor(parts: LiveSessionParts) {
    this.#parts = parts;
    this.ended = parts.session.ended;
  }

  get id(): string {
    return this.#parts.session.id;
  }

  answer(): Omit<OpenAnswer, 'token'> {
    const { session, addresses, ca, folder, hide, passEnv, keeps, rounds } = this.#parts;
    return {
      session: session.id,
      duty: session.duty.name,
      targets: addresses.targets.map(({ target, names, listen }) => ({ target, names: [...names], listen: [...listen] })),
      resolvers: [...addresses.resolvers],
      ca,
      evidence: folder.path,
      hide: [...hide],
      passEnv: [...passEnv],
      identityUrl: this.#parts.identity === null ? null : IDENTITY_URL,
      keeps: { recordings: keeps.recordings, responses: keeps.responses },
      checkpoint: rounds.enter(),
    };
  }

  /** Tells of checkpoints until the session is over. */
  async watch(tell: (checkpoint: string) => void): Promise<void> {
    const stop = this.#parts.rounds.watch(tell);
    await this.ended;
    stop();
  }

  async startLink({ argv }: LinkRequest): Promise<LinkAnswer> {
    const command = { link: this.#nextLink(), argv };
    await this.#parts.session.commandStarted(command);
    this.#begin(command, Narrowing.ofSession(this.#parts.session.duty), LinkChain.ofSession(this.#parts.chain), 1);
    return { link: command.link };
  }

  /**
   * Starts a command on behalf of another one, held to one duty more. It needs no binding: it can only narrow (P3). Who asks is told
   * by the listener that was asked, and by nothing in the request (R21).
   */
  async delegate(parent: string, { argv, duty: asked }: DelegateRequest): Promise<LinkAnswer> {
    const { session, duties, clock } = this.#parts;
    const from = this.#started(parent);
    // INVARIANT: nothing is awaited from here to the entry, so nobody delegates who has ended.
    if (from.live.isEnding) throw new ControlError('conflict', 'Cannot delegate: the command ends, expected it alive');
    const duty = duties.get(asked);
    if (duty === undefined)
      throw new ControlError('forbidden', `Cannot delegate: duty ${JSON.stringify(asked)} is defined nowhere, expected one of the policy`);
    const fault = delegationFault(DELEGATION_LIMITS, { depth: from.depth, children: from.children.size });
    if (fault !== null) throw new ControlError('conflict', `Cannot delegate: ${fault}`);
    const command = { link: this.#nextLink(), argv };
    from.children.add(command.link);
    const principal = from.chain.links().at(-1)?.principal ?? '';
    const started = new Date(clock.nowMs()).toISOString();
    const asOne = { link: command.link, principal, duty: asked, executable: argv[0] ?? '', started, keyThumbprint: null };
    const [right, chain] = [from.right.child(duty), from.chain.child(delegatedLink(asOne))];
    const made = { duties: dutyNames(right.current()), chainSha256: chainDigest(chain.links()) };
    await session.record({ kind: 'delegation', parent, ...asOne, ...made });
    await session.commandStarted(command);
    const { live } = this.#begin(command, right, chain, from.depth + 1);
    void live.ending.then(() => from.children.delete(command.link));
    void from.live.ending.then(() => live.cut('the command that it was started from has ended')).catch(() => undefined);
    return { link: command.link };
  }

  #nextLink(): string {
    this.#parts.session.requireOpen();
    if (this.#linksStarted >= LINKS_MAX) {
      throw new ControlError('conflict', `Cannot start the command: the session has had ${LINKS_MAX}, expected fewer`);
    }
    this.#linksStarted += 1;
    return String(this.#linksStarted);
  }

  #begin(command: Command, right: Narrowing, chain: LinkChain, depth: number): Started {
    const onUnrecordable = (why: string) => void this.abort(why);
    const live = new LiveLink({ ...this.#parts, command, right, chain, whoami: this.#whoami, onUnrecordable });
    const started = { live, right, chain, depth, children: new Set<string>() };
    this.#links.set(command.link, started);
    return started;
  }

  readonly #whoami: LiveLinkParts['whoami'] = ({ link }, right, linkChain) => {
    const { gateway, evidenceKey, clock } = this.#parts;
    const chain = linkChain.links();
    const token = signChain({ session: this.id, gateway, chain }, evidenceKey, clock.nowMs());
    return whoamiOf({ session: this.id, link, chain, right: right.current(), token });
  };

  async enterCage(link: string, request: CageRequest): Promise<void> {
    await this.#link(link).enterCage(request);
  }

  async confined(link: string, request: ConfinementRequest): Promise<void> {
    await this.#link(link).confined(request);
  }

  async record(link: string, frames: Readable): Promise<void> {
    await this.#link(link).record(frames);
  }

  async endLink(link: string, how: EndRequest): Promise<EndAnswer> {
    await this.#link(link).end(how);
    this.#links.delete(link);
    const { allowed, refused, masked } = this.#parts.audit.counts;
    return { allowed, refused, masked, checkpoint: this.#parts.rounds.enter() };
  }

  #link(link: string): LiveLink {
    return this.#started(link).live;
  }

  #started(link: string): Started {
    const found = this.#links.get(link);
    if (found === undefined)
      throw new ControlError('not-found', 'Cannot use the link: there is no such command, expected one that was started');
    return found;
  }

  /** Ends it well: nothing of its commands is left when it is sealed, and nothing is written after the seal. */
  close(): Promise<CloseAnswer> {
    this.#parts.session.beginClosing();
    const closing = this.#close();
    this.#closing = closing.then(
      () => undefined,
      () => undefined,
    );
    return closing;
  }

  async #close(): Promise<CloseAnswer> {
    const { session, folder, audit, gateway, evidenceKey, checkpoints, rounds, lateToken } = this.#parts;
    let sealing = false;
    rounds.stop();
    try {
      await Promise.all([...this.#links.values()].map(({ live }) => live.cut('the session was closed')));
      const { allowed, refused, masked } = audit.counts;
      sealing = true; // which closes the audit, whatever happens
      await sealBundle({ folder, audit, session: session.id, gateway, evidenceKey, token: lateToken() });
      return { evidence: folder.path, allowed, refused, masked, checkpoint: checkpoints.ofEnd(audit.head) };
    } catch (cause) {
      // Its words name a file of the bundle and what the system said.
      if (cause instanceof EvidenceFault) throw new ControlError('failed', cause.message, { cause });
      throw cause;
    } finally {
      if (!sealing) audit.close();
      folder.close();
      session.end();
    }
  }

  /** Ends it at once, whatever its state; the bundle stays unsealed, whole up to its last entry. What is being sealed is let finish. */
  abort(why: string): Promise<void> {
    this.#aborted ??= this.#closing ?? this.#abort(why);
    return this.#aborted;
  }

  async #abort(why: string): Promise<void> {
    const { session, folder, audit, rounds } = this.#parts;
    rounds.stop();
    session.end();
    await Promise.all([...this.#links.values()].map(({ live }) => live.stop(why)));
    audit.close();
    folder.close();
  }

  /** A second session was asked for (R2). */
  async incident(clientKey: string): Promise<void> {
    const { session, audit } = this.#parts;
    if (session.state === 'open') audit.append({ kind: 'incident', incident: 'second-open', clientKey });
    await this.abort('a second session was opened');
  }
}
