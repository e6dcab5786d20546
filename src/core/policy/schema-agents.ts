import * as z from 'zod';
import { agentGlobFault } from './agent-glob.ts';

/** The shape of `agents` (docs/policy.md, "Agents"). That the duty is defined, link-agents.ts sees to. */
export const AGENT_RULES_MAX = 100;

/** One of them, by the policy's order. */
export const AgentNumber = z
  .int()
  .min(0)
  .max(AGENT_RULES_MAX - 1);

const GLOBS_MAX = 100;

const ProgramGlob = z
  .string()
  .min(1)
  .superRefine((text, context) => {
    const message = agentGlobFault(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

export const AgentSchema = z
  .strictObject({
    match: z.union([ProgramGlob, z.array(ProgramGlob).min(1).max(GLOBS_MAX)]).describe('Globs over paths of programs and scripts.'),
    duty: z.string().describe('What they are held to, besides what holds already.'),
    workspace: z.enum(['write', 'read']).optional().describe('What they may do to the workspace. Absent: write.'),
    sticky: z
      .enum(['cage', 'job'])
      .optional()
      .describe('For how long it holds once one was seen: to the end of the cage, or of the job. Absent: cage.'),
  })
  .describe('Programs that are held to a duty, with whatever shares their cage.');

export const AgentsSchema = z.array(AgentSchema).min(1).max(AGENT_RULES_MAX);

export type AgentData = z.output<typeof AgentSchema>;
