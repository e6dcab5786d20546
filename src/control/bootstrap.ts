import * as z from 'zod';

/**
 * How a gateway on the same machine is started: its first line of standard input is a Bootstrap, its one line of standard
 * output the answer. What it holds travels this way and no other: nothing is in arguments or environment (P5).
 */
export const BOOTSTRAP_BYTES_MAX = 4 * 1024 * 1024;

const AbsolutePath = z
  .string()
  .max(4096)
  .regex(/^\/[^\0]*$/);

/** Where a gateway keeps its things, whoever started it. */
const PLACES = {
  /** Bundles are made in here, a folder for each session. */
  evidenceFolder: AbsolutePath,
  /** Exists already, mode 0700: `control.sock` is made in it. */
  socketFolder: AbsolutePath,
};

/** For one command of one user. Standard input stays open for as long as the gateway is wanted: when it ends, so does the gateway. */
const LocalBootstrap = z.strictObject({
  issuer: z.literal('local'),
  policyPath: AbsolutePath,
  /** A YAML map of names to values that only its owner may read; null where no target needs one. */
  secretsPath: AbsolutePath.nullable(),
  ...PLACES,
});

/** For one job. It outlives whoever started it, and ends with its session, or when none is opened in time. */
const GithubBootstrap = z.strictObject({
  issuer: z.literal('github'),
  /** A file of a repository; `ref` null: of its default branch. */
  policy: z.strictObject({
    repository: z.string().regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/),
    path: z.string().min(1).max(1024),
    ref: z.string().min(1).max(1024).nullable(),
  }),
  api: z.strictObject({ url: z.url({ protocol: /^https?$/ }), token: z.string().min(1).max(65_536) }),
  /** The means to mint identity tokens, for commands whose policy lists an audience. */
  identity: z.strictObject({ url: z.url({ protocol: /^https?$/ }), token: z.string().min(1).max(65_536) }),
  secrets: z.record(z.string(), z.string()),
  ...PLACES,
});

export const Bootstrap = z.discriminatedUnion('issuer', [LocalBootstrap, GithubBootstrap]);
export type Bootstrap = z.infer<typeof Bootstrap>;
export type LocalBootstrap = z.infer<typeof LocalBootstrap>;
export type GithubBootstrap = z.infer<typeof GithubBootstrap>;

/** A place in the policy, 1-based, for annotations. */
const Problem = z.strictObject({ line: z.int(), column: z.int(), message: z.string() });

export const BootstrapAnswer = z.union([
  z.strictObject({ ready: z.literal(true), socket: z.string() }),
  z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string(), problems: z.array(Problem).optional() }) }),
]);
export type BootstrapAnswer = z.infer<typeof BootstrapAnswer>;
