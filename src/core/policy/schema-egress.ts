import * as z from 'zod';
import { EGRESS_FORM, parseEgressRule } from '#core/egress/rules.ts';

const RULES_MAX = 500;

const HostAndPort = z
  .string()
  .max(300)
  .refine((text) => parseEgressRule(text, '') !== null, EGRESS_FORM);

export const EgressSchema = z
  .strictObject({
    allow: z
      .array(HostAndPort)
      .min(1)
      .max(RULES_MAX)
      .refine((texts) => !texts.every((text) => text.startsWith('!')), 'has only negatives, so it allows nothing')
      .optional()
      .describe('host:port globs that commands may connect to. An address stands for itself, whatever is spoken there.'),
    policy: z.enum(['block', 'audit']).optional().describe('What becomes of names that no rule covers. Absent: block.'),
  })
  .refine((egress) => egress.allow !== undefined || egress.policy === 'audit', 'allows nothing, expected allow, or policy: audit')
  .describe('What commands may connect to besides targets.');
