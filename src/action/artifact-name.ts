import { createHash } from 'node:crypto';
import type { JobFacts } from './job-facts.ts';

const NAME_CHARACTERS_MAX = 128;
const JOB_CHARACTERS_MAX = 48;
const SESSION_DIGITS = 8;

/**
 * A name of its own for each job, attempt and leg of a matrix: artifacts of a run share one space of names, and none is written over.
 * Legs have run, attempt and job in common; the session is what tells them apart.
 */
export function artifactName({ runId, job, attempt }: Pick<JobFacts, 'runId' | 'job' | 'attempt'>, session: string): string {
  const jobPart = job.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, JOB_CHARACTERS_MAX) || 'job';
  const sessionPart = createHash('sha256').update(session).digest('hex').slice(0, SESSION_DIGITS);
  return `duty-gate-${runId}-${jobPart}-${attempt}-${sessionPart}`;
}

/** What a name should be, where it is not: what the service refuses, and what would be hidden or cut on the way to a disk. */
export function artifactNameFault(name: string): string | null {
  if (name.length > NAME_CHARACTERS_MAX) return `at most ${NAME_CHARACTERS_MAX} characters`;
  if (/["*/:<>?\\|\p{C}]/u.test(name)) return 'none of " * / : < > ? \\ | and no control character';
  if (/^[.\s]|[.\s]$/.test(name)) return 'no point or space at its ends';
  return null;
}
