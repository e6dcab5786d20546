import { sha256 } from './artifact-store.ts';
import type { FakeJob } from './jobs.ts';

/** The calls of the artifact service, one by one: for what its client would not do. */
export type Said = Readonly<Record<string, unknown>>;
export type Called = { readonly status: number; readonly body: Said };

/** The ids that a job's token carries, as the client reads them. */
export function idsOf(job: FakeJob): { workflow_run_backend_id: string; workflow_job_run_backend_id: string } {
  const [, payload = ''] = (job.runtimeEnvironment()['ACTIONS_RUNTIME_TOKEN'] ?? '').split('.');
  const [, run = '', own = ''] = /Actions\.Results:([^: ]+):([^" ]+)/.exec(Buffer.from(payload, 'base64url').toString()) ?? [];
  return { workflow_run_backend_id: run, workflow_job_run_backend_id: own };
}

export async function call(
  job: FakeJob,
  method: string,
  body: object | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Called> {
  const { ACTIONS_RESULTS_URL: base, ACTIONS_RUNTIME_TOKEN: token } = job.runtimeEnvironment();
  const answer = await fetch(`${base}twirp/github.actions.results.api.v1.ArtifactService/${method}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify({ ...idsOf(job), ...body }),
  });
  return { status: answer.status, body: (await answer.json()) as Said };
}

export const create = (job: FakeJob, name = 'a', more: object = {}) => call(job, 'CreateArtifact', { name, version: 7, ...more });
export const urlOf = ({ body }: Called) => String(body['signed_upload_url']);
export const put = (url: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, { method: 'PUT', body, headers });
export const blockId = (index: number) => encodeURIComponent(Buffer.from(String(index).padStart(8, '0')).toString('base64'));
export const blockList = (...indices: readonly number[]) =>
  `<?xml version="1.0"?><BlockList>${indices.map((index) => `<Latest>${decodeURIComponent(blockId(index))}</Latest>`).join('')}</BlockList>`;

/** An artifact of one block, in the steps that the client takes. */
export async function store(job: FakeJob, name: string, content: string, more: object = {}): Promise<Called> {
  const url = urlOf(await create(job, name, more));
  await put(`${url}&comp=block&blockid=${blockId(0)}`, content);
  await put(`${url}&comp=blocklist`, blockList(0));
  return call(job, 'FinalizeArtifact', { name, size: String(Buffer.byteLength(content)), hash: sha256(Buffer.from(content)) });
}
