import type { KeyObject } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { AuditFile } from '#adapters/files/audit-file.ts';
import type { Checkpoints } from '#adapters/files/checkpoints.ts';
import { EvidenceFault, type EvidenceFolder } from '#adapters/files/evidence-folder.ts';
import type { Encrypt } from '#adapters/files/recording-file.ts';
import { sealBundle } from '#adapters/files/seal.ts';
import { ControlError } from '#control/fault.ts';
import type { Lifeline } from '#control/lifeline.ts';
import type {
  CageRequest,
  ClaimAnswer,
  ClaimRequest,
  CloseAnswer,
  ConfinementRequest,
  EndAnswer,
  EndRequest,
  LinkAnswer,
  LinkRequest,
  OpenAnswer,
} from '#control/messages.ts';
import type { SessionTokens } from '#control/session-tokens.ts';
import type { Keeps } from '#core/audit/entry.ts';
import { scriptsOf } from '#core/chain/agent-sight.ts';
import type { ChainLink } from '#core/chain/chain.ts';
import type { SessionLimits } from '#core/chain/delegation-limits.ts';
import { whoamiOf } from '#core/chain/whoami.ts';
import { dutyNames } from '#core/policy/effective-duty.ts';
import type { AgentRule, Duty } from '#core/policy/policy.ts';
import { LinkChain } from '#session/link-chain.ts';
import { Narrowing } from '#session/narrowing.ts';
import type { Clock } from '#session/ports.ts';
import type { Command, DutySession } from '#session/session.ts';
import type { CageAddresses } from './cage/addresses.ts';
import type { CheckpointRounds } from './checkpoint-rounds.ts';
import { type DelegateRequest, Delegations, type Holder } from './delegations.ts';
import { JobCages } from './job-cages.ts';
import { type GatesFor, LiveCage, type LiveCageParts } from './live-cage.ts';
import { LiveLink } from './live-link.ts';
import { sessionAnswer } from './session-answer.ts';
import { SessionTime } from './session-time.ts';
import { signChain } from './sign-chain.ts';

export type LiveSessionParts = {
  readonly session: DutySession;
  readonly folder: EvidenceFolder;
  readonly audit: AuditFile;
  readonly gatesFor: GatesFor;
  readonly agents: readonly AgentRule[];
  /** What a command may be held to that another starts. */
  readonly duties: ReadonlyMap<string, Duty>;
  readonly limits: SessionLimits;
  /** With which the chain of every command begins. */
  readonly chain: readonly ChainLink[];
  readonly identity: LiveCageParts['identity'];
  readonly egress: LiveCageParts['egress'];
  readonly keeps: Keeps;
  readonly encrypt: Encrypt | null;
  readonly checkpoints: Checkpoints;
  readonly rounds: CheckpointRounds;
  readonly clock: Clock;
  readonly tokens: SessionTokens;
  /** Where the gateway answers. */
  readonly socketPath: string;
  /** The token as it goes into the evidence at the end; null: it is there. */
  readonly lateToken: () => string | null;
  readonly addresses: CageAddresses;
  readonly ca: string;
  readonly hide: readonly string[];
  readonly persist: readonly string[];
  readonly passEnv: readonly string[];
  readonly gateway: string;
  readonly evidenceKey: KeyObject;
  readonly recordingBeginMsMax: number;
};

/** Commands of one session. */
export const LINKS_MAX = 10_000;

/** An open session and all it holds on to: links, bundle. It ends by `close`, sealed, or by `abort`, unsealed. */
export class LiveSession {
  readonly ended: Promise<void>;
  readonly #parts: LiveSessionParts;
  readonly #links = new Map<string, Holder & { readonly live: LiveLink; readonly argv: readonly string[] }>();
  /** By the names of the job's cages. */
  readonly #shared = new Map<string, Holder>();
  readonly #cages: JobCages;
  readonly #sticky: LiveCageParts['sticky'] = new Map();
  readonly #delegations: Delegations;
  readonly #time: SessionTime;
  #linksStarted = 0;
  #closing: Promise<void> | null = null;
  #aborted: Promise<void> | null = null;

  constructor(parts: LiveSessionParts) {
    this.#parts = parts;
    this.ended = parts.session.ended;
    this.#cages = new JobCages({
      make: (cage) => this.#makeCage(cage),
      record: (entry) => parts.session.record(entry),
      isWhole: (cage) => this.#isWhole(cage),
    });
    this.#delegations = new Delegations({
      ...parts,
      answer: () => this.answer(),
      sticky: this.#sticky,
      scripts: () => [...this.#links.values()].flatMap(({ depth, argv }) => (depth === 1 ? scriptsOf(argv) : [])),
      holder: (link) => this.#holder(link),
      nextLink: () => this.#nextLink(),
      begin: (command, right, chain, depth) => this.#begin(command, right, chain, depth),
    });
    this.#time = new SessionTime(parts.limits.sessionMs, this.ended, (why) => this.#timeOver(why));
  }

  get id(): string {
    return this.#parts.session.id;
  }

  answer(): Omit<OpenAnswer, 'token'> {
    return sessionAnswer(this.#parts);
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

  delegate(parent: string, request: DelegateRequest): Promise<LinkAnswer> {
    return this.#delegations.delegate(parent, request, null).then(({ link }) => ({ link }));
  }

  /** Whatever runs is ended; what is left to do with the session is to seal it. */
  #timeOver(why: string): void {
    const { session, audit, chain } = this.#parts;
    if (session.state !== 'open') return;
    audit.append({ kind: 'incident', incident: 'time-over', clientKey: chain[0]?.keyThumbprint ?? '' });
    const ended = [this.#cages.close(why), ...[...this.#links.values()].map(({ live }) => live.cut(why))];
    void Promise.all(ended).catch((cause: unknown) => this.abort(cause instanceof Error ? cause.message : why));
  }

  #nextLink(): string {
    this.#parts.session.requireOpen();
    this.#time.requireLeft();
    if (this.#linksStarted >= LINKS_MAX) {
      throw new ControlError('conflict', `Cannot start the command: the session has had ${LINKS_MAX}, expected fewer`);
    }
    this.#linksStarted += 1;
    return String(this.#linksStarted);
  }

  #begin(command: Command, right: Narrowing, chain: LinkChain, depth: number) {
    const live = new LiveLink({ ...this.#cageParts(right, chain), command, cages: this.#cages });
    const started = { live, right, chain, depth, children: new Set<string>(), argv: command.argv };
    this.#links.set(command.link, started);
    return started;
  }

  #makeCage(cage: string): LiveCage {
    const [right, chain] = [Narrowing.ofSession(this.#parts.session.duty), LinkChain.ofSession(this.#parts.chain)];
    const live = new LiveCage({ ...this.#cageParts(right, chain), link: cage });
    this.#shared.set(cage, { live, right, chain, depth: 1, children: new Set() });
    return live;
  }

  /** Whether a new cage would be held to less. */
  #isWhole(cage: string): boolean {
    const anew = new Set([this.#parts.session.duty.name, ...[...this.#sticky.values()].map(({ rule }) => rule.duty.name)]);
    return dutyNames(this.#holder(cage).right.current()).every((name) => anew.has(name));
  }

  #cageParts(right: Narrowing, chain: LinkChain) {
    const onUnrecordable = (why: string) => void this.abort(why);
    const nest = (from: string, socket: Socket) => this.#delegations.nest(from, socket);
    return { ...this.#parts, right, chain, sticky: this.#sticky, whoami: this.#whoami, nest, onUnrecordable };
  }

  readonly #whoami: LiveCageParts['whoami'] = (link, right, linkChain) => {
    const { gateway, evidenceKey, clock } = this.#parts;
    const chain = linkChain.links();
    const token = signChain({ session: this.id, gateway, chain }, evidenceKey, clock.nowMs());
    return whoamiOf({ session: this.id, link, chain, right: right.current(), token });
  };

  async enterCage(link: string, request: CageRequest): Promise<void> {
    await this.#link(link).enterCage(request);
  }

  async claim(link: string, request: ClaimRequest): Promise<ClaimAnswer> {
    return this.#link(link).claim(request);
  }

  async hold(link: string, lifeline: Lifeline): Promise<void> {
    await this.#link(link).hold(lifeline);
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
    return this.#known(this.#links.get(link)).live;
  }

  #holder(link: string): Holder {
    return this.#known(this.#links.get(link) ?? this.#shared.get(link));
  }

  #known<T>(found: T | undefined): T {
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
      await this.#cages.close('the session was closed');
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
    await Promise.all([this.#cages.close(why), ...[...this.#links.values()].map(({ live }) => live.stop(why))]);
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
