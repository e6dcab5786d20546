import * as z from 'zod';
import { PATH_CHARACTERS_MAX } from '#core/policy/agent-glob.ts';
import { AgentNumber } from '#core/policy/schema-agents.ts';

/**
 * The control protocol: JSON over HTTP/1.1, on a Unix socket (embedded) or, later, TLS (service).
 *
 * | request | body → answer |
 * |---|---|
 * | `GET /v1/hello` | → Hello |
 * | `POST /v1/sessions` | OpenRequest → OpenAnswer |
 * | `GET /v1/sessions/ID/watch` | → endless body, one space every second, and lines, each a checkpoint for the log; it ends when the session or the gateway does |
 * | `POST /v1/sessions/ID/links` | LinkRequest → LinkAnswer |
 * | `POST /v1/sessions/ID/links/LINK/recording` | recording frames (core/recording/frames.ts), streamed → {} ; the link lives as long |
 * | `POST /v1/sessions/ID/links/LINK/claim` | ClaimRequest → ClaimAnswer : a place in the job's cage, which the command makes or finds standing |
 * | `POST /v1/sessions/ID/links/LINK/hold` | {} → a body without an end: the connection is what the job's cage lives by |
 * | `POST /v1/sessions/ID/links/LINK/cage` | CageRequest → {} : listeners are up when it answers |
 * | `POST /v1/sessions/ID/links/LINK/confinement` | ConfinementRequest → {} : from here on its connections are taken, if nothing was open |
 * | `POST /v1/sessions/ID/links/LINK/end` | EndRequest → EndAnswer |
 * | `POST /v1/sessions/ID/close` | {} → CloseAnswer |
 *
 * A session has links: commands that run under it, one after the other or side by side, each in a cage of its own or, in a job, in one
 * that they share.
 *
 * All but hello carry a DPoP proof (RFC 9449); all but hello and open carry `Authorization: DPoP <session token>`.
 * Errors are `{ "error": { "code", "message" } }` with status 400, 401, 403, 404, 409 or 500.
 */
export const CONTROL_BODY_BYTES_MAX = 1024 * 1024;

export const Hello = z.strictObject({
  version: z.literal(1),
  /** `[A-Za-z0-9._-]{1,64}`; embedded: the evidence key's thumbprint (R2). */
  gateway: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  nonce: z.string().min(16).max(128),
  evidenceKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export type Hello = z.infer<typeof Hello>;

export const OpenRequest = z.strictObject({
  /** A JWT for audience `duty-gate:session:v1:<gateway>:<hash>` (R2); issuer `local`: signed by the client's own key. */
  token: z.string().max(65_536),
  duty: z.string().max(256).nullable(),
});
export type OpenRequest = z.infer<typeof OpenRequest>;

/** Where one target listens inside the cage. */
const TargetListeners = z.strictObject({
  target: z.string(),
  names: z.array(z.string()),
  listen: z.array(z.strictObject({ address: z.string(), port: z.int().min(1).max(65_535) })),
});
export type TargetListeners = z.infer<typeof TargetListeners>;

/** For the log (core/audit/checkpoint.ts); null: the evidence cannot be kept any more. */
const CheckpointText = z
  .string()
  .regex(/^dgc1[A-Za-z0-9._-]{1,400}$/)
  .nullable();

export const OpenAnswer = z.strictObject({
  session: z.string(),
  token: z.string(),
  duty: z.string(),
  targets: z.array(TargetListeners),
  /** Addresses at which names are resolved inside, UDP and TCP port 53. */
  resolvers: z.array(z.string()),
  /** The session's own certificate authority, PEM: trusted inside, and nowhere else. */
  ca: z.string(),
  /** Absolute folder of this session's evidence. */
  evidence: z.string(),
  /** Absolute paths the command must not see: folders are covered, files emptied. */
  hide: z.array(z.string()),
  /** Absolute paths of folders that a job's command writes for good, if they are there. */
  persist: z.array(z.string()),
  /** Where a command may ask for identity tokens, with a query already; null: nowhere. */
  identityUrl: z.string().nullable(),
  /** Names of variables that the command gets, and may leave for later steps, as the policy says. */
  passEnv: z.array(z.string()),
  /** Programs that are to be started in cages of their own, by the policy's order (core/policy/policy.ts, AgentRule). */
  agents: z.array(z.strictObject({ match: z.array(z.string()), duty: z.string(), workspace: z.enum(['write', 'read']) })),
  /** What is kept of the session (core/audit/entry.ts, Keeps). */
  keeps: z.strictObject({ recordings: z.enum(['full', 'encrypted', 'none']), responses: z.enum(['full', 'encrypted', 'digest', 'none']) }),
  checkpoint: CheckpointText,
});
export type OpenAnswer = z.infer<typeof OpenAnswer>;

export const AGENT_LAUNCHERS_MAX = 200;

export const LinkRequest = z.strictObject({ argv: z.array(z.string().max(131_072)).min(1).max(4096) });
export type LinkRequest = z.infer<typeof LinkRequest>;

export const LinkAnswer = z.strictObject({ link: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });
export type LinkAnswer = z.infer<typeof LinkAnswer>;

const PATH = z.string().startsWith('/').max(PATH_CHARACTERS_MAX);

/** A program of ours in an agent's place: it has the agent started in a cage of its own. */
export const AgentLauncher = z.strictObject({
  /** Which of the policy's agents. */
  rule: AgentNumber,
  duty: z.string(),
  /** Of the agent's program, real; and as it was found. */
  path: PATH,
  name: PATH,
});
export type AgentLauncher = z.infer<typeof AgentLauncher>;

/** The process (as the gateway sees it) whose user and network namespaces are the cage's. */
export const CageRequest = z.strictObject({
  pid: z.int().positive(),
  /** The cage's first process, for whoever starts a command in it. */
  init: z.int().positive(),
  entrance: z.enum(['sudo', 'user-namespace']),
  /** Inode of the cage's network namespace: root's processes do not show theirs. */
  network: z.string().regex(/^\d{1,20}$/),
  /** What later steps run is in it; null: there is none. */
  workspace: PATH.nullable(),
  launchers: z.array(AgentLauncher).max(AGENT_LAUNCHERS_MAX),
});
export type CageRequest = z.infer<typeof CageRequest>;

/** What a command needs of a cage. */
export const ClaimRequest = z.strictObject({
  /** SHA-256 of what it is to see and write, base64url: those of one plan can share a cage. */
  plan: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
});
export type ClaimRequest = z.infer<typeof ClaimRequest>;

export const ClaimAnswer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('make'), cage: z.string() }),
  z.strictObject({ kind: z.literal('enter'), cage: z.string(), ...CageRequest.pick({ init: true, entrance: true, network: true }).shape }),
]);
export type ClaimAnswer = z.infer<typeof ClaimAnswer>;

/** A request, or an answer, that says nothing. */
export const Nothing = z.strictObject({});

const ESCAPES_MAX = 256;

/** What the escape attempts came to, before the command starts. */
export const ConfinementRequest = z.strictObject({
  escapes: z
    .array(z.strictObject({ name: z.string().regex(/^[a-z0-9-]{1,64}$/), verdict: z.enum(['held', 'open', 'absent', 'late']) }))
    .max(ESCAPES_MAX),
});
export type ConfinementRequest = z.infer<typeof ConfinementRequest>;

/** How the command ended; both null: nobody can say. */
export const EndRequest = z.strictObject({
  exitCode: z.int().min(0).max(255).nullable(),
  signal: z.string().max(16).nullable(),
});
export type EndRequest = z.infer<typeof EndRequest>;

/** Of the whole session, so far. */
const Counts = z.strictObject({ allowed: z.int(), refused: z.int(), masked: z.int() });

export const EndAnswer = z.strictObject({ ...Counts.shape, checkpoint: CheckpointText });
export type EndAnswer = z.infer<typeof EndAnswer>;

export const CloseAnswer = z.strictObject({ evidence: z.string(), ...EndAnswer.shape });
export type CloseAnswer = z.infer<typeof CloseAnswer>;

export const ControlFault = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string() }),
});
