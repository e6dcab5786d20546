import * as z from 'zod';
import { AgentNumber } from '#core/policy/schema-agents.ts';

/** By which a connection to the gateway from inside becomes one of frames (frames.ts). */
export const NESTED_PATH = '/delegate';
export const NESTED_UPGRADE = 'duty-gate-run/1';

const WORD = z
  .string()
  .max(131_072)
  .regex(/^[^\0]*$/);

/** What a command inside wants to have run, held to one duty more. Nothing in it says who asks. */
export const NestedRequest = z.strictObject({
  duty: z.string().min(1).max(256),
  /** Which of the policy's agents it is, by its order, if one of our launchers asks (wrapper/find-agents.ts); null: whatever it is. */
  agent: AgentNumber.nullable(),
  argv: z.array(WORD).min(1).max(4096),
  /** As the asker sees it. */
  cwd: WORD.startsWith('/'),
  /** `NAME=value` entries, each with a NUL at its end, base64: they need not be text. */
  environment: z.base64(),
  /** Of whoever sits at it; null: nobody does. */
  terminal: z.strictObject({ columns: z.int().min(1).max(65_535), rows: z.int().min(1).max(65_535) }).nullable(),
});
export type NestedRequest = z.infer<typeof NestedRequest>;

/** Null when it is none. */
export function readNestedRequest(bytes: Uint8Array): NestedRequest | null {
  try {
    const parsed = NestedRequest.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
