/** The calls that the simulator answers, by GitHub's own templates. */
export const ROUTES = {
  repository: '/repos/{owner}/{repo}',
  ref: '/repos/{owner}/{repo}/git/ref/{ref}',
  contents: '/repos/{owner}/{repo}/contents/{path}',
  user: '/users/{username}',
  artifacts: '/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
  artifact: '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}',
} as const;
export type RouteName = keyof typeof ROUTES;
