import * as z from 'zod';
import { SESSION_LIMITS } from '#core/chain/delegation-limits.ts';
import { parseDuration } from './duration.ts';

/** A verifier refuses longer chains. */
export const CHAIN_DEPTH_MAX = 32;
const CHILDREN_MAX = 1000;
const CONNECTIONS_MAX = 1000;

/** Longer than any job of GitHub's. */
const SESSION_MS_MAX = 7 * 86_400_000;

const SessionTime = z.string().superRefine((text, context) => {
  const ms = parseDuration(text);
  if (ms !== null && ms <= SESSION_MS_MAX) return;
  context.addIssue({ code: 'custom', message: 'is no time that a session may last, expected such as 45s, 30m, 6h, 2d, and at most 7d' });
});

export const LimitsSchema = z
  .strictObject({
    depth: z
      .int()
      .min(1)
      .max(CHAIN_DEPTH_MAX)
      .optional()
      .describe(`How many commands may stand in one chain, the job's own being the first. Absent: ${SESSION_LIMITS.depth}.`),
    children: z
      .int()
      .min(0)
      .max(CHILDREN_MAX)
      .optional()
      .describe(`How many commands may run at once that were started from the same one. Absent: ${SESSION_LIMITS.children}.`),
    connections: z
      .int()
      .min(1)
      .max(CONNECTIONS_MAX)
      .optional()
      .describe(`How many connections to targets may be open at once out of one cage. Absent: ${SESSION_LIMITS.connections}.`),
    session: SessionTime.optional().describe('How long a session may last, such as 45s, 30m, 6h, 2d. Absent: as long as its job.'),
  })
  .describe('How far commands may have others run, and how much they may hold at once.');
