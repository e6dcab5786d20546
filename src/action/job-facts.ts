import * as z from 'zod';
import { ActionError } from './action-error.ts';

const Id = z.string().regex(/^[0-9]{1,20}$/);

/** What the runner says of the job, in names that no step can give another value. It names things; it decides nothing. */
const Facts = z.object({
  GITHUB_REPOSITORY: z.string().regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/),
  GITHUB_RUN_ID: Id,
  GITHUB_RUN_ATTEMPT: Id.default('1'),
  GITHUB_JOB: z.string().max(256).default(''),
  GITHUB_API_URL: z.url().refine(isSafeUrl, 'expected https').default('https://api.github.com'),
  GITHUB_SERVER_URL: z.url().refine(isSafeUrl, 'expected https').default('https://github.com'),
  RUNNER_TEMP: z.string().startsWith('/').max(4096),
  /** Absent in a container job. */
  RUNNER_TRACKING_ID: z.string().max(256).optional(),
});

export type JobFacts = {
  readonly repository: string;
  readonly runId: string;
  readonly attempt: string;
  /** Its key in the workflow: the same for every leg of a matrix. */
  readonly job: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly temp: string;
  readonly trackingId: string | null;
};

export type Environment = Record<string, string | undefined>;

/** @throws ActionError `runner` */
export function jobFacts(environment: Environment): JobFacts {
  const said = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const parsed = Facts.safeParse(Object.fromEntries(said));
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].join(', ');
    throw new ActionError(
      'runner',
      `Cannot run on this runner: it does not say, or says wrongly, ${names}, expected as in a job of GitHub Actions`,
    );
  }
  const facts = parsed.data;
  return {
    repository: facts.GITHUB_REPOSITORY,
    runId: facts.GITHUB_RUN_ID,
    attempt: facts.GITHUB_RUN_ATTEMPT,
    job: facts.GITHUB_JOB,
    apiUrl: facts.GITHUB_API_URL,
    serverUrl: facts.GITHUB_SERVER_URL,
    temp: facts.RUNNER_TEMP,
    trackingId: facts.RUNNER_TRACKING_ID ?? null,
  };
}

/** Tokens travel to it. */
function isSafeUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname));
}
