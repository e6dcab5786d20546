import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAnswer } from '#control/messages.ts';
import { splitEnvironment } from './environment.ts';
import { prepareFileCommands } from './file-commands.ts';
import { filesInJob, isPersistable, jobWorkspace } from './files-plan.ts';
import { prepareGitConfigs } from './git-configs.ts';
import { credentialFiles } from './git-credential-files.ts';
import type { CagePlan } from './plan.ts';

export type JobFiles = {
  /** What the command sees in others' places, may change, and does not see. */
  readonly plan: Pick<CagePlan, 'files' | 'binds' | 'aliases' | 'hide' | 'workspace'>;
  /** What is not as the policy might lead one to expect, in words. */
  readonly notes: readonly string[];
  /** Passes on what the command left for later steps, as far as it may. Once, after its end. @returns what was not, in words */
  finish(): readonly string[];
};

const TOLD_MAX = 20;
/** A policy that passes one of them lets commands act in the job's name. */
const TOKENS = ['GITHUB_TOKEN', 'GH_TOKEN'] as const;

/** All files of a job that a command has to do with, by the runner's own variables, and by the policy. */
export function prepareJobFiles(jobFolder: string, { passEnv, persist }: Pick<OpenAnswer, 'passEnv' | 'persist'>): JobFiles {
  const entries = splitEnvironment(readFileSync('/proc/self/environ'));
  const commands = prepareFileCommands(entries, jobFolder, new Set(passEnv), join(jobFolder, 'bin'));
  const keepsToken = TOKENS.some((name) => passEnv.includes(name));
  const workspace = jobWorkspace(process.env);
  const git = prepareGitConfigs(workspace, jobFolder, keepsToken);
  const files = filesInJob(process.env, jobFolder, git.folders, persist);
  const hide = keepsToken ? [] : credentialFiles(process.env['RUNNER_TEMP']);
  return {
    notes: persist
      .filter((path) => !isPersistable(path))
      .map((path) => `what is written to ${path} does not stay: it is no folder, or leads elsewhere`),
    plan: { files, binds: commands.binds, aliases: git.aliases, hide, workspace },
    finish: () => [
      ...commands
        .finish()
        .refused.map(({ file, name, why }) => `not passed on from ${file}${name === null ? '' : `: ${told(name)}`}: ${why}`),
      ...git.finish().flatMap(({ path, refused }) => {
        const untold = refused.length - TOLD_MAX;
        const lines = refused.slice(0, TOLD_MAX).map(({ name, why }) => `not kept in ${path}: ${told(name)}: ${why}`);
        return untold > 0 ? [...lines, `not kept in ${path}: ${untold} more`] : lines;
      }),
    ],
  };
}

/** It may be whatever the command wrote. */
function told(name: string): string {
  return JSON.stringify(name);
}
