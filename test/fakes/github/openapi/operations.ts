/**
 * The calls of GitHub's REST API that the simulator answers, by GitHub's own templates. `extract.ts` keeps the description of
 * these: whoever adds one runs it again.
 */
export const OPERATIONS = [
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/commits/{ref}',
  'GET /repos/{owner}/{repo}/git/ref/{ref}',
  'GET /repos/{owner}/{repo}/git/tags/{tag_sha}',
  'GET /repos/{owner}/{repo}/contents/{path}',
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
  'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}',
  'DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}',
  'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
  'GET /users/{username}',
  'GET /orgs/{org}',
  'GET /rate_limit',
] as const;

export type OperationName = (typeof OPERATIONS)[number];

/** The description is that of the first; GitHub writes into it what the others change. */
export const API_VERSIONS = ['2022-11-28', '2026-03-10'] as const;

export type ApiVersion = (typeof API_VERSIONS)[number];
