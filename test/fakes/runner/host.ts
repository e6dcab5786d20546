import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JobRun } from './job-run.ts';
import type { WorkflowJob } from './workflow-file.ts';

/** Folders of a runner, laid out as on GitHub's own: the home folder holds them all. */
export type Host = {
  readonly home: string;
  readonly workspace: string;
  readonly temp: string;
  readonly tools: string;
  /** Where the job's copy of an action is; of one of the workspace, the place itself. */
  actionFolder(uses: string): string;
};

/** `owner/name/sub/folder@ref`, and `./folder` of the workspace. */
type ActionName = { readonly key: string; readonly place: string; readonly subfolder: string };

/** @throws where a step uses an action that was not given. */
export function prepareHost({ folder, job, actions, workspaceFiles = {} }: JobRun, { steps }: WorkflowJob): Host {
  const work = join(folder, 'work');
  const repository = (job.claims['repository'] ?? '').split('/').at(-1) ?? 'repository';
  const workspace = join(work, repository, repository);
  const host: Host = {
    home: folder,
    workspace,
    temp: join(work, '_temp'),
    tools: join(work, '_tool'),
    actionFolder(uses) {
      if (uses.startsWith('./')) return join(workspace, uses);
      const { place, subfolder } = parseUses(uses);
      return join(work, '_actions', place, subfolder);
    },
  };
  for (const path of [host.workspace, host.temp, host.tools, join(work, '_actions')]) mkdirSync(path, { recursive: true });
  for (const [name, text] of Object.entries(workspaceFiles)) {
    mkdirSync(dirname(join(workspace, name)), { recursive: true });
    writeFileSync(join(workspace, name), text);
  }
  for (const { uses } of steps) {
    if (uses !== undefined && !uses.startsWith('./')) copyAction(parseUses(uses), actions, join(work, '_actions'));
  }
  return host;
}

/** Once for each name and ref; the runner marks what is complete. */
function copyAction({ key, place }: ActionName, actions: Readonly<Record<string, string>>, folder: string): void {
  const source = actions[key];
  if (source === undefined) throw new Error(`Unable to resolve action \`${key}\`, expected one of ${Object.keys(actions).join(', ')}`);
  const target = join(folder, place);
  if (existsSync(`${target}.completed`)) return;
  cpSync(source, target, { recursive: true, verbatimSymlinks: true });
  writeFileSync(`${target}.completed`, new Date().toISOString());
}

function parseUses(uses: string): ActionName {
  const [, owner, name, subfolder = '', ref] = /^([\w.-]+)\/([\w.-]+)((?:\/[\w.-]+)*)@([\w./-]+)$/.exec(uses) ?? [];
  if (owner === undefined || name === undefined || ref === undefined) {
    throw new Error(`Expected format {org}/{repo}[/path]@ref. Actual '${uses}'`);
  }
  return { key: `${owner}/${name}@${ref}`, place: join(owner, name, ref), subfolder };
}
