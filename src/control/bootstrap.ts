import { z } from 'zod';

/**
 * How a gateway on the same machine is started: its first line of standard input is a Bootstrap, its one line of standard
 * output the answer. Standard input then stays open for as long as the gateway is wanted: when it ends, whoever started the
 * gateway is gone, and so is the gateway. Paths only: no secret travels this way, none is in arguments or environment (P5).
 */
export const BOOTSTRAP_BYTES_MAX = 64 * 1024;

const AbsolutePath = z
  .string()
  .max(4096)
  .regex(/^\/[^\0]*$/);

export const Bootstrap = z.strictObject({
  policyPath: AbsolutePath,
  /** A YAML map of names to values that only its owner may read; null where no target needs one. */
  secretsPath: AbsolutePath.nullable(),
  /** Bundles are made in here, a folder for each session. */
  evidenceFolder: AbsolutePath,
  /** Exists already, mode 0700: `control.sock` is made in it. */
  socketFolder: AbsolutePath,
  issuer: z.literal('local'),
});
export type Bootstrap = z.infer<typeof Bootstrap>;

export const BootstrapAnswer = z.union([
  z.strictObject({ ready: z.literal(true), socket: z.string() }),
  z.strictObject({ error: z.strictObject({ code: z.string(), message: z.string() }) }),
]);
export type BootstrapAnswer = z.infer<typeof BootstrapAnswer>;
