import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type ArtifactStore, type StoredArtifact, sha256 } from './artifact-store.ts';
import { DOWNLOADS, UPLOADS } from './blob-service.ts';
import { type Answer, bearerOf, json, type Service } from './http-server.ts';
import type { SignedUrls } from './signed-urls.ts';

type ServicePlace = {
  readonly store: ArtifactStore;
  readonly urls: SignedUrls;
  readonly nowMs: () => number;
  readonly problems: string[];
  /** Uploads are refused once the account holds as much. */
  readonly bytesMax: number;
  /** Of a running job: its own run and job. */
  callerOf(runtimeToken: string): Caller | null;
};

type Caller = { readonly run: string; readonly job: string };

const PREFIX = '/twirp/github.actions.results.api.v1.ArtifactService/';
const ARTIFACTS_MAX = 500;
const DAY_MS = 24 * 60 * 60_000;
const DAYS = 90;
const FORBIDDEN = /[":<>|*?\r\n\\/]/;

/** protobuf's JSON: 64-bit numbers are texts, wrappers are their values, and what has its default is left out. */
const Int64 = z.string().regex(/^\d{1,19}$/);
const Ids = z.strictObject({ workflow_run_backend_id: z.string(), workflow_job_run_backend_id: z.string() });
const Named = Ids.extend({ name: z.string().min(1) });
const Create = Named.extend({
  expires_at: z.iso.datetime().optional(),
  version: z.int().min(4).max(7),
  mime_type: z.string().default('application/zip'),
});
const Hash = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const Finalize = Named.extend({ size: Int64.default('0'), hash: Hash.optional() });
const List = Ids.extend({ name_filter: z.string().optional(), id_filter: Int64.optional() });

/** A text is what is wrong with the question. */
type Call = (place: ServicePlace, caller: Caller, body: unknown) => Answer | string;

const CALLS: Readonly<Record<string, Call>> = {
  CreateArtifact: call(Create, create),
  FinalizeArtifact: call(Finalize, finalize),
  ListArtifacts: call(List, list),
  GetSignedArtifactURL: call(Named, getSignedUrl),
  DeleteArtifact: call(Named, remove),
};

function call<T extends z.infer<typeof Ids>>(shape: z.ZodType<T>, act: (place: ServicePlace, caller: Caller, asked: T) => Answer): Call {
  return (place, caller, body) => {
    const parsed = shape.safeParse(body);
    if (!parsed.success) return z.prettifyError(parsed.error);
    const isOwn = parsed.data.workflow_run_backend_id === caller.run;
    return isOwn ? act(place, caller, parsed.data) : failure(403, 'permission_denied', 'the token is of another run');
  };
}

/** The results service. Each job writes its own artifacts, and reads those of its run. */
export function createArtifactService(place: ServicePlace): Service {
  return {
    prefix: '/twirp/',
    answer({ method, url, headers, body }) {
      const caller = place.callerOf(bearerOf(headers) ?? '');
      if (caller === null) return failure(401, 'unauthenticated', 'unauthorized');
      const name = url.pathname.startsWith(PREFIX) ? url.pathname.slice(PREFIX.length) : '';
      const asked = Object.hasOwn(CALLS, name) && method === 'POST' ? CALLS[name] : undefined;
      if (asked === undefined) {
        place.problems.push(`${method} ${url.pathname}: a call that the artifact service does not have`);
        return failure(404, 'bad_route', 'no handler for path');
      }
      const isJson = /^application\/json\b/.test(headers['content-type'] ?? '');
      const answer = isJson ? asked(place, caller, parseJson(body)) : 'its type is not application/json';
      if (typeof answer !== 'string') return answer;
      place.problems.push(`${name}: ${answer}`);
      return failure(400, 'malformed', 'the json request could not be decoded');
    },
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function create({ store, urls, nowMs, bytesMax }: ServicePlace, caller: Caller, asked: z.infer<typeof Create>): Answer {
  const { name, mime_type: mimeType, expires_at: expires, workflow_job_run_backend_id: job } = asked;
  if (job !== caller.job) return failure(403, 'permission_denied', 'the token is of another job');
  if (FORBIDDEN.test(name)) return failure(400, 'invalid_argument', 'the artifact name is not valid');
  if (store.isNamed(caller.run, name))
    return failure(409, 'already_exists', 'an artifact with this name already exists on the workflow run');
  if (store.bytes() >= bytesMax) return failure(403, 'permission_denied', 'insufficient usage to create artifact');
  if (store.of(caller.run, job).length >= ARTIFACTS_MAX) return failure(400, 'invalid_argument', 'too many artifacts in this job');
  const lastMs = nowMs() + DAYS * DAY_MS;
  const expiresMs = expires === undefined ? lastMs : Math.min(Date.parse(expires), lastMs);
  const key = randomUUID();
  store.begin({ key, run: caller.run, job, name, mimeType, expiresMs });
  return json(200, { ok: true, signed_upload_url: urls.sign(`${UPLOADS}${key}`, 'w') });
}

function finalize({ store }: ServicePlace, caller: Caller, { name, size, hash }: z.infer<typeof Finalize>): Answer {
  const upload = store.uploadOf(caller.run, caller.job, name);
  if (upload === null) return failure(404, 'not_found', 'the artifact was not found');
  const content = upload.content ?? Buffer.alloc(0);
  if (Number(size) !== content.length) return failure(400, 'invalid_argument', 'the size is not that of what was uploaded');
  if (hash !== undefined && hash !== sha256(content)) return failure(400, 'invalid_argument', 'the hash is not that of what was uploaded');
  return json(200, { ok: true, artifact_id: String(store.finish(upload).id) });
}

function list({ store }: ServicePlace, { run }: Caller, { name_filter: name, id_filter: id }: z.infer<typeof List>): Answer {
  const found = store
    .all()
    .filter((each) => each.run === run && (name === undefined || each.name === name) && (id === undefined || String(each.id) === id));
  return json(200, {
    artifacts: found.map((each) => ({
      ...{ workflow_run_backend_id: run, workflow_job_run_backend_id: each.job, database_id: String(each.id), name: each.name },
      ...{ size: String(each.size), created_at: new Date(each.createdMs).toISOString(), digest: each.digest },
    })),
  });
}

function getSignedUrl({ store, urls, nowMs }: ServicePlace, _caller: Caller, asked: z.infer<typeof Named>): Answer {
  const found = named(store, asked);
  if (found === null || found.expiresMs <= nowMs()) return failure(404, 'not_found', 'the artifact was not found');
  return json(200, { signed_url: urls.sign(`${DOWNLOADS}${found.id}`, 'r') });
}

function remove({ store }: ServicePlace, _caller: Caller, asked: z.infer<typeof Named>): Answer {
  const found = named(store, asked);
  if (found === null) return failure(404, 'not_found', 'the artifact was not found');
  store.remove(found.id);
  return json(200, { ok: true, artifact_id: String(found.id) });
}

function named(
  store: ArtifactStore,
  { workflow_run_backend_id: run, workflow_job_run_backend_id: job, name }: z.infer<typeof Named>,
): StoredArtifact | null {
  return store.of(run, job).find((each) => each.name === name) ?? null;
}

/** Twirp's form of an error. */
function failure(status: number, code: string, msg: string): Answer {
  return json(status, { code, msg });
}
