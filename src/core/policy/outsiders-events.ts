import { braceExpand } from 'minimatch';
import { GLOB_ALTERNATIVES_MAX } from './glob.ts';

/**
 * Events that run with the repository's own rights, secrets and identity on what anybody may send: a comment, an issue, a
 * fork's pull request or what its workflow left behind. A workflow can be led by that input, so such a job counts as the
 * repository's only where a binding says so (GitHub's own guidance for `pull_request_target`).
 */
const OUTSIDERS_EVENTS: ReadonlySet<string> = new Set([
  'pull_request_target',
  'workflow_run',
  'issue_comment',
  'issues',
  'discussion',
  'discussion_comment',
  'fork',
  'gollum',
  'watch',
]);

/** Whether the event is one of those, and none of the globs spells it out: a wildcard does not. */
export function isUnnamedOutsidersEvent(event: string, globs: readonly string[]): boolean {
  if (!OUTSIDERS_EVENTS.has(event)) return false;
  const positives = globs.filter((glob) => !glob.startsWith('!'));
  return !positives.some((glob) => braceExpand(glob, { braceExpandMax: GLOB_ALTERNATIVES_MAX }).includes(event));
}
