import type { AuditEntry, SessionEntry } from '#core/audit/entry.ts';
import type { Duty } from '#core/policy/policy.ts';
import type { AuditLog } from './ports.ts';

export type SessionState = 'new' | 'open' | 'closing' | 'ended';

export class SessionError extends Error {
  readonly code: 'not-open' | 'unrecordable';

  constructor(code: SessionError['code'], message: string) {
    super(message);
    this.name = 'SessionError';
    this.code = code;
  }
}

export type SessionSetup = {
  /** What the bundle's first entry says. */
  readonly facts: Omit<SessionEntry, 'kind'>;
  readonly duty: Duty;
  readonly audit: AuditLog;
};

/** A command under the session. */
export type Command = { readonly link: string; readonly argv: readonly string[] };
/** Both null: nobody can say. */
export type CommandEnd = { readonly exitCode: number | null; readonly signal: string | null };

/**
 * One duty session's life: new → open → closing → ended, or ended from anywhere; never back.
 *
 * INVARIANT (P1): it is open only once its first entries have been written.
 */
export class DutySession {
  readonly id: string;
  readonly duty: Duty;
  /** Resolves when the session is over, however it came to be. */
  readonly ended: Promise<void>;
  readonly #facts: Omit<SessionEntry, 'kind'>;
  readonly #audit: AuditLog;
  readonly #end: () => void;
  #state: SessionState = 'new';

  constructor({ facts, duty, audit }: SessionSetup) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.id = facts.session;
    this.duty = duty;
    this.ended = promise;
    this.#facts = facts;
    this.#audit = audit;
    this.#end = resolve;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Writes who is here. @throws SessionError `unrecordable` */
  async begin(): Promise<void> {
    this.#expect('new');
    await this.record({ kind: 'session', ...this.#facts });
    this.#expect('new');
    this.#state = 'open';
  }

  /** Writes what is to run. @throws SessionError */
  async commandStarted({ link, argv }: Command): Promise<void> {
    this.#expect('open');
    await this.record({ kind: 'command', link, event: 'started', argv, exitCode: null, signal: null });
    this.#expect('open');
  }

  /** Writes how the command ended, once nothing of it can act any more. @throws SessionError */
  async commandEnded({ link, argv }: Command, { exitCode, signal }: CommandEnd): Promise<void> {
    if (this.#state !== 'closing') this.#expect('open');
    await this.record({ kind: 'command', link, event: 'ended', argv, exitCode, signal });
  }

  /** @throws SessionError `not-open` */
  requireOpen(): void {
    this.#expect('open');
  }

  /** From here on nothing new is taken. @throws SessionError `not-open` */
  beginClosing(): void {
    this.#expect('open');
    this.#state = 'closing';
  }

  end(): void {
    this.#state = 'ended';
    this.#end();
  }

  /** Resolves once the entry has been written. @throws SessionError `unrecordable` */
  record(entry: AuditEntry): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#audit.append(entry, (result) => {
        if (result.ok) resolve();
        else reject(new SessionError('unrecordable', `Cannot record the session: ${result.why}, expected the evidence to be written`));
      });
    });
  }

  #expect(state: SessionState): void {
    if (this.#state !== state) throw new SessionError('not-open', `Cannot use the session: it is ${this.#state}, expected ${state}`);
  }
}
