import type { FakeRepository } from './repositories.ts';

/** What GitHub's token says of a job: texts all of them, ids too. */
export type Claims = Readonly<Record<string, string>>;

export type ClaimedFacts = {
  readonly repository: FakeRepository;
  readonly event: string;
  readonly ref: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly sha: string;
  readonly actor: { readonly login: string; readonly id: number };
  readonly workflow: string;
  readonly environment: string | null;
  readonly run: { readonly id: number; readonly number: number; readonly attempt: number };
  readonly checkRunId: number;
  /** Beside those, or in the place of them. */
  readonly more: Claims;
};

export function claimsOf(facts: ClaimedFacts): Claims {
  const { repository, event, ref, headRef, baseRef, sha, actor, workflow, environment, run, checkRunId, more } = facts;
  const full = `${repository.owner}/${repository.name}`;
  const workflowRef = `${full}/.github/workflows/${workflow}@${ref}`;
  const claims: Claims = {
    ...{ repository: full, repository_id: String(repository.id), repository_visibility: repository.visibility },
    ...{ repository_owner: repository.owner, repository_owner_id: String(repository.ownerId) },
    ...{ ref, ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch', ref_protected: 'false', sha, event_name: event },
    ...{ head_ref: headRef, base_ref: baseRef, actor: actor.login, actor_id: String(actor.id) },
    ...{ workflow, workflow_ref: workflowRef, workflow_sha: sha, job_workflow_ref: workflowRef, job_workflow_sha: sha },
    ...{ run_id: String(run.id), run_number: String(run.number), run_attempt: String(run.attempt), check_run_id: String(checkRunId) },
    runner_environment: 'github-hosted',
    ...(environment === null ? {} : { environment }),
    ...more,
  };
  return { sub: subjectOf(repository, claims), ...claims };
}

/** Environment before pull request before ref; immutable; a template of the repository. */
function subjectOf({ owner, ownerId, name, id, subject }: FakeRepository, claims: Claims): string {
  const repo = subject.immutable === true ? `${owner}@${ownerId}/${name}@${id}` : `${owner}/${name}`;
  const keys = subject.includeClaimKeys ?? ['repo', 'context'];
  return keys
    .map((key) => (key === 'repo' ? `repo:${repo}` : key === 'context' ? contextOf(claims) : `${key}:${escaped(claims[key])}`))
    .join(':');
}

function contextOf({ environment, event_name: event, ref }: Claims): string {
  if (environment !== undefined) return `environment:${escaped(environment)}`;
  return event === 'pull_request' ? 'pull_request' : `ref:${escaped(ref)}`;
}

function escaped(value = ''): string {
  return value.replaceAll(':', '%3A');
}
