import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** As much of a workflow and of an action.yml as this runner knows; both are parsed from YAML. A text may be an expression. */
const Text = z.union([z.string(), z.number(), z.boolean(), z.null()]).transform((value) => (value === null ? '' : String(value)));
const Texts = z.record(z.string(), Text);
const Step = z
  .strictObject({
    id: z.string().optional(),
    name: z.string().optional(),
    if: Text.optional(),
    uses: z.string().optional(),
    with: Texts.optional(),
    run: z.string().optional(),
    shell: z.string().optional(),
    env: Texts.optional(),
    'working-directory': z.string().optional(),
    'continue-on-error': z.union([z.boolean(), z.string()]).optional(),
    'timeout-minutes': z.union([z.number(), z.string()]).optional(),
  })
  .refine(({ uses, run }) => (uses === undefined) !== (run === undefined), 'expected either uses or run');
export type Step = z.infer<typeof Step>;

const Defaults = z.object({
  run: z.object({ shell: z.string().optional(), 'working-directory': z.string().optional() }).optional(),
});
const Job = z.object({
  env: Texts.optional(),
  defaults: Defaults.optional(),
  outputs: Texts.optional(),
  steps: z.array(Step),
});
const Workflow = z.object({ env: Texts.optional(), defaults: Defaults.optional(), jobs: z.record(z.string(), Job) });

export type WorkflowJob = {
  readonly env: readonly Readonly<Record<string, string>>[];
  readonly shell: string | undefined;
  readonly workingDirectory: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
};

/** A job of a workflow, with what the workflow says of all its jobs. */
export function readJob(text: string, id: string): WorkflowJob {
  const workflow = Workflow.parse(parse(text));
  const job = workflow.jobs[id];
  if (job === undefined) throw new Error(`Cannot run job ${id}: the workflow has ${Object.keys(workflow.jobs).join(', ')}`);
  const [own, common] = [job.defaults?.run, workflow.defaults?.run];
  return {
    env: [workflow.env ?? {}, job.env ?? {}],
    shell: own?.shell ?? common?.shell,
    workingDirectory: own?.['working-directory'] ?? common?.['working-directory'],
    outputs: job.outputs ?? {},
    steps: job.steps,
  };
}

const ActionFile = z.object({
  inputs: z.record(z.string(), z.object({ default: Text.optional(), deprecationMessage: z.string().optional() }).nullable()).optional(),
  runs: z.object({
    using: z.enum(['node12', 'node16', 'node20', 'node24']),
    main: z.string(),
    post: z.string().optional(),
    'post-if': Text.optional(),
  }),
});
export type ActionFile = z.infer<typeof ActionFile>;

/** As it is now: the runner reads it again for post. */
export function readAction(folder: string): ActionFile {
  for (const name of ['action.yml', 'action.yaml']) {
    const text = readIfThere(join(folder, name));
    if (text !== null) return ActionFile.parse(parse(text));
  }
  throw new Error(`Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${folder}'.`);
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
