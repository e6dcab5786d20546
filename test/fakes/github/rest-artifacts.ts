import type { StoredArtifact } from './artifact-store.ts';
import { DOWNLOADS } from './blob-service.ts';
import type { Run } from './jobs.ts';
import type { Repository } from './repositories.ts';
import { NOT_FOUND, type RestCall, type RestReply, type Route } from './rest-call.ts';
import { urlOf } from './rest-repositories.ts';

const READS = { name: 'actions', level: 'read' } as const;
const ARTIFACT = '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}';

export const ARTIFACT_ROUTES: readonly Route[] = [
  { operation: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts', on: 'repository', scope: READS, answer: listOfRun },
  { operation: `GET ${ARTIFACT}`, on: 'repository', scope: READS, answer: getArtifact },
  { operation: `DELETE ${ARTIFACT}`, on: 'repository', scope: { name: 'actions', level: 'write' }, answer: removeArtifact },
  { operation: `GET ${ARTIFACT}/{archive_format}`, on: 'repository', scope: READS, answer: download },
];

const PER_PAGE = 30;
const PER_PAGE_MAX = 100;

function listOfRun(call: RestCall, repository: Repository): RestReply {
  const { query, parameters, place } = call;
  const run = place.jobs
    .map((job) => job.run)
    .find((each) => each.repository.id === repository.id && String(each.id) === parameters['run_id']);
  if (run === undefined) return NOT_FOUND;
  const name = query.get('name');
  const found = place.store.all().filter((each) => each.run === run.backend && (name === null || each.name === name));
  const ordered = query.get('direction') === 'asc' ? found : found.toReversed();
  const perPage = Math.min(natural(query.get('per_page')) ?? PER_PAGE, PER_PAGE_MAX);
  const page = natural(query.get('page')) ?? 1;
  const shown = ordered.slice((page - 1) * perPage, page * perPage);
  const link = linkOf(call, `${urlOf(call, repository)}/actions/runs/${run.id}/artifacts`, page, Math.ceil(found.length / perPage));
  const body = { total_count: found.length, artifacts: shown.map((each) => artifactBody(call, repository, each, run)) };
  return { kind: 'json', body, ...(link === '' ? {} : { link }) };
}

function getArtifact(call: RestCall, repository: Repository): RestReply {
  const found = find(call, repository);
  return found === null ? NOT_FOUND : { kind: 'json', body: artifactBody(call, repository, ...found) };
}

function removeArtifact(call: RestCall, repository: Repository): RestReply {
  const found = find(call, repository);
  if (found === null) return NOT_FOUND;
  call.place.store.remove(found[0].id);
  return { kind: 'done' };
}

/** Whatever its format, an artifact comes back in the bytes that it was stored in. */
function download(call: RestCall, repository: Repository): RestReply {
  const found = find(call, repository);
  if (found === null || call.parameters['archive_format'] !== 'zip') return NOT_FOUND;
  if (isExpired(call, found[0])) return { kind: 'problem', status: 410, message: 'Artifact has expired' };
  return { kind: 'redirect', location: call.place.urls.sign(`${DOWNLOADS}${found[0].id}`, 'r') };
}

function find({ place, parameters }: RestCall, { id }: Repository): readonly [StoredArtifact, Run] | null {
  const artifact = place.store.all().find((each) => String(each.id) === parameters['artifact_id']);
  const run = place.jobs.map((job) => job.run).find(({ backend, repository }) => backend === artifact?.run && repository.id === id);
  return artifact === undefined || run === undefined ? null : [artifact, run];
}

function artifactBody(call: RestCall, repository: Repository, artifact: StoredArtifact, run: Run): object {
  const { id, name, size, digest, createdMs, expiresMs } = artifact;
  const url = `${urlOf(call, repository)}/actions/artifacts/${id}`;
  const created = new Date(createdMs).toISOString();
  const ofRun = {
    id: run.id,
    repository_id: repository.id,
    head_repository_id: repository.id,
    head_branch: run.headBranch,
    head_sha: run.headSha,
  };
  return {
    ...{ id, node_id: `A_${id}`, name, size_in_bytes: size, digest, url, archive_download_url: `${url}/zip` },
    ...{ expired: isExpired(call, artifact), created_at: created, updated_at: created, expires_at: new Date(expiresMs).toISOString() },
    workflow_run: ofRun,
  };
}

function isExpired({ place }: RestCall, { expiresMs }: StoredArtifact): boolean {
  return expiresMs <= place.nowMs();
}

function natural(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
}

/** Where the other pages are; empty: there are none. */
function linkOf({ query }: RestCall, url: string, page: number, pages: number): string {
  const others = [
    ['prev', page - 1],
    ['next', page + 1],
    ['last', pages],
    ['first', 1],
  ] as const;
  return others
    .filter(([rel, to]) => to >= 1 && to <= pages && (rel === 'prev' || rel === 'first' ? page > 1 : page < pages))
    .map(([rel, to]) => `<${url}?${new URLSearchParams({ ...Object.fromEntries(query), page: String(to) })}>; rel="${rel}"`)
    .join(', ');
}
