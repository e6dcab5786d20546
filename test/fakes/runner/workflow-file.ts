import { z } from 'zod';

/** As much of a workflow and of an action.yml as this runner knows; both are parsed from YAML. */
const Texts = z.record(z.string(), z.coerce.string());
const Step = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  if: z.coerce.string().optional(),
  uses: z.string().optional(),
  with: Texts.optional(),
  run: z.string().optional(),
  shell: z.string().optional(),
  env: Texts.optional(),
  'working-directory': z.string().optional(),
  'continue-on-error': z.boolean().optional(),
  'timeout-minutes': z.number().optional(),
});
export type Step = z.infer<typeof Step>;
const Defaults = z.object({ run: z.object({ shell: z.string().optional() }).optional() }).optional();
export const Workflow = z.object({
  env: Texts.optional(),
  defaults: Defaults,
  jobs: z.record(z.string(), z.object({ env: Texts.optional(), defaults: Defaults, steps: z.array(Step) })),
});
export const ActionFile = z.object({
  inputs: z.record(z.string(), z.object({ default: z.coerce.string().optional() })).optional(),
  runs: z.object({ using: z.literal('node24'), main: z.string(), post: z.string().optional(), 'post-if': z.string().optional() }),
});
