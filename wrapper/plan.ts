import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { AgentLauncher } from '#control/messages.ts';
import type { EscapeResult } from './escape-report.ts';

/** Which of the two ways in: passwordless sudo, or a user namespace of one's own (DESIGN 3). */
export type Entrance = 'sudo' | 'user-namespace';

/**
 * All that running one command in its cage needs: values and three hooks. It knows nothing of the control protocol.
 */
export type WrapPlan = {
  /** Command and arguments; never empty. */
  readonly argv: readonly string[];
  /** Absolute; must be visible inside. */
  readonly cwd: string;
  /** `NAME=value` entries, byte for byte, as the command is to see them (environment.ts makes them). */
  readonly environment: readonly Uint8Array[];
  readonly cage: CagePlan;
  readonly hooks: WrapHooks;
  /** The cage that the commands of a job share; null: this one has its own, which ends with it. */
  readonly shared: SharedCage | null;
  /** The cage within which its own is made, and whose files it sees; null: none. */
  readonly within: OuterCage | null;
  readonly terminal: TerminalPlan;
  /** How long a signalled command may take before it is killed. */
  readonly graceMs: number;
};

export type CagePlan = {
  /** The wrapper's own folder, 0700, absolute, real: the cage's files are handed over in it; it is never seen inside. */
  readonly sessionFolder: string;
  /** Where names are resolved inside. */
  readonly resolvers: readonly string[];
  /** PEM of the session's certificate authority. */
  readonly ca: string;
  /** Absolute paths out of the command's sight; they must exist. */
  readonly hide: readonly string[];
  /** What of the file system the command may change, and for whom. */
  readonly files: FilesPlan;
  /** What the command sees in another one's place, and may change. */
  readonly binds: readonly BindPlan[];
  /** What the command sees as a link to a file of its own, which it may also replace. */
  readonly aliases: readonly AliasPlan[];
  /** Programs of ours in agents' places. */
  readonly launchers: readonly AgentLauncher[];
  /** Which of the writable folders is the job's; null: none. */
  readonly workspace: string | null;
  /** Folders searched for the system's tools, in order. Root's, never the caller's PATH. */
  readonly toolFolders: readonly string[];
};

/** Everything that is not named here is read-only inside (R17). Absolute, real, existing folders. */
export type FilesPlan = {
  /** Written for good: the host's own. */
  readonly writable: readonly string[];
  /** Seen as they are, written aside: overlays whose changes nothing outside sees. One inside another is allowed; so is `writable` inside one. */
  readonly layered: readonly string[];
  /** Where the overlays' upper layers are kept, so that later commands of the same job see them: one folder below it for each. Null: they end with the command. */
  readonly layersFolder: string | null;
  /** Files and folders inside the above that stay read-only, and cannot be renamed away (TRIED, user-namespace entrance). */
  readonly protected: readonly string[];
};

/** Both absolute, real, existing; files, or folders. */
export type BindPlan = { readonly source: string; readonly target: string };

/** `point`: a real, existing file; `folder`: of ours, real, existing, with a file of the same name that is seen there instead. */
export type AliasPlan = { readonly point: string; readonly folder: string };

/** Where a cage stands. */
export type CagePlace = {
  /** Of its first process, as seen from here. */
  readonly init: number;
  readonly entrance: Entrance;
  /** Inode of its network namespace. */
  readonly network: string;
};

/** `pid`: by which a gateway enters its namespaces. */
export type MadeCage = CagePlace & Pick<CagePlan, 'workspace' | 'launchers'> & { readonly pid: number };

/** A cage, and what of it is to be otherwise in one within. */
export type OuterCage = CagePlace &
  Pick<CagePlan, 'workspace' | 'launchers'> & {
    /** Which of the policy's agents is started there; null: anything. */
    readonly agent: { readonly rule: number; readonly workspace: 'write' | 'read'; readonly scripts: readonly string[] } | null;
  };

export type SharedCage = {
  /** @param plan SHA-256 of what the command is to see and write, base64url. @returns null: it is this command's to make. */
  claim(plan: string): Promise<CagePlace | null>;
  /** What the cage is to live by, when its maker is gone. */
  hold(): Promise<Socket>;
};

export type WrapHooks = {
  /** Tells the gateway where the cage is; resolves once every listener inside is up. */
  enterCage(place: MadeCage): Promise<void>;
  /** Told what the escape attempts came to. The command starts once it resolves, if none succeeded. */
  escapesTried(results: readonly EscapeResult[]): Promise<void>;
  /** Takes recording frames; back-pressure and errors are heeded (P2: what cannot be recorded does not go on). */
  readonly record: Writable;
  /** Resolves or rejects when the session or its gateway is gone. */
  readonly gatewayLost: Promise<void>;
};

export type TerminalPlan = {
  /** Standard input and output are a person's terminal: it is relayed raw, and the command gets a controlling terminal. */
  readonly interactive: boolean;
  readonly columns: number;
  readonly rows: number;
  /** File descriptor that the command's standard input is, when not interactive. */
  readonly stdinFd: number;
  /** File descriptor that takes all output. */
  readonly stdoutFd: number;
  /** What output goes through on its way there; it is recorded as it is. Null: nothing. */
  readonly filter: OutputFilter | null;
  /** Somebody elsewhere, in the stead of our own descriptors; null: nobody. */
  readonly remote: RemoteTerminal | null;
};

/** Whoever sits, or waits, at the other end of a connection. */
export type RemoteTerminal = {
  /** Takes all output. @param onGone called once when nobody reads any more */
  output(onGone: () => void): OutputSink;
  readonly keyboard: Keyboard;
  readonly screen: Screen;
};

/** Takes bytes in order: `write` is true while more may come; else `drained` is waited for. */
export type OutputSink = { write(bytes: Uint8Array): boolean; drained(): Promise<void> };
export type Keyboard = {
  on(event: 'data', listener: (keys: Buffer) => void): unknown;
  off(event: 'data', listener: (keys: Buffer) => void): unknown;
  pause(): unknown;
  resume(): unknown;
  setRawMode(isRaw: boolean): unknown;
};
export type Screen = {
  readonly columns: number;
  readonly rows: number;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
};

/** Answers with what is to be passed on of the bytes so far. */
export type OutputFilter = { push(bytes: Uint8Array): Uint8Array; end(): Uint8Array };

export type WrapResult =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** The cage was ended by a signal before its command was. */
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals }
  /** The session ended while the command ran; everything inside is dead. */
  | { readonly kind: 'lost'; readonly why: string };
