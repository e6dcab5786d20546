import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ArtifactStore, FakeArtifact } from './artifacts.ts';
import type { Job } from './jobs.ts';
import type { RouteName } from './openapi/routes.ts';
import { replyFault, sample } from './openapi/validate.ts';
import { type Repository, sha1 } from './repositories.ts';

export type ApiPlace = {
  readonly base: string;
  readonly repositories: readonly Repository[];
  readonly store: ArtifactStore;
  jobOf(token: string): Job | undefined;
  /** Takes what GitHub would not have been asked, or not have answered. */
  readonly faults: string[];
};

type Api = (request: IncomingMessage, url: URL, response: ServerResponse) => void;
type Reply =
  | { readonly status: number; readonly route?: RouteName; readonly body: object }
  | { readonly status: 200; readonly text: string }
  | { readonly status: 302; readonly location: string };

/** The REST API, as far as duty-gate asks it. Each answer is checked against GitHub's own description. */
export function createApi({ base, repositories, store, jobOf, faults }: ApiPlace): Api {
  return (request, url, response) => {
    const reply = answerTo(request, url);
    const headers = {
      'x-github-request-id': randomUUID(),
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': '900',
      'x-ratelimit-resource': 'core',
    };
    if ('location' in reply) return void response.writeHead(302, { ...headers, location: reply.location }).end();
    if ('text' in reply)
      return void response.writeHead(200, { ...headers, 'content-type': 'application/vnd.github.raw+json; charset=utf-8' }).end(reply.text);
    const fault = reply.status === 200 && reply.route === undefined ? 'no description' : replyFault(reply.route ?? 'error', reply.body);
    if (fault !== null) faults.push(`${url.pathname}: ${fault}`);
    response.writeHead(reply.status, { ...headers, 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(reply.body));
  };

  function answerTo(request: IncomingMessage, url: URL): Reply {
    if ((request.headers['user-agent'] ?? '') === '') return problem(403, 'Request forbidden by administrative rules.');
    const version = request.headers['x-github-api-version'];
    if (version !== undefined && version !== '2022-11-28' && version !== '2026-03-10') return problem(400, 'Unknown API version');
    const job = jobOf((request.headers.authorization ?? '').replace(/^(?:Bearer|token) /i, ''));
    if (job === undefined) return problem(401, 'Bad credentials');
    const path = url.pathname.slice('/api/v3'.length);
    const login = /^\/users\/([^/]+)$/.exec(path)?.[1];
    if (login !== undefined) return user(login);
    const [, owner, name, rest = ''] = /^\/repos\/([^/]+)\/([^/]+)(?:\/(.*))?$/.exec(path) ?? [];
    const repository = repositories.find((each) => each.owner === owner && each.name === name);
    // What a token may not see is not there, either.
    const isVisible = repository !== undefined && (repository.visibility === 'public' || repository.id === job.setup.repository.id);
    if (owner !== undefined && !isVisible) return problem(404, 'Not Found');
    if (repository !== undefined && rest === '') return { status: 200, route: 'repository', body: repositoryBody(repository) };
    const known = repository === undefined ? null : inRepository(repository, job, decodeURIComponent(rest), request, url);
    if (known !== null) return known;
    faults.push(`${request.method} ${path}: an endpoint that this simulator does not know`);
    return problem(404, 'Not Found');
  }

  function user(login: string): Reply {
    const owned = repositories.find(({ owner }) => owner === login);
    if (owned === undefined) return problem(404, 'Not Found');
    return { status: 200, route: 'user', body: sample('user', { login, id: owned.ownerId, type: 'Organization' }) };
  }

  function inRepository(repository: Repository, job: Job, rest: string, request: IncomingMessage, url: URL): Reply | null {
    const [, kind, tail = ''] = /^(git\/ref|contents|actions)\/(.+)$/.exec(rest) ?? [];
    const scope = kind === 'actions' ? job.setup.permissions?.actions : job.setup.permissions?.contents;
    if (kind !== undefined && scope === undefined) return problem(403, 'Resource not accessible by integration');
    switch (kind) {
      case 'git/ref':
        return gitRef(repository, tail);
      case 'contents':
        return contents(repository, tail, request, url);
      case 'actions':
        return artifacts(job, tail);
      default:
        return null;
    }
  }

  function gitRef(repository: Repository, tail: string): Reply {
    const sha = tail.startsWith('heads/') ? repository.branches.get(tail.slice('heads/'.length))?.sha : undefined;
    if (sha === undefined) return problem(404, 'Not Found');
    return {
      status: 200,
      route: 'ref',
      body: { ref: `refs/${tail}`, node_id: 'REF', url: `${base}/ref`, object: { type: 'commit', sha, url: `${base}/commit` } },
    };
  }

  function contents(repository: Repository, path: string, request: IncomingMessage, url: URL): Reply {
    const at = url.searchParams.get('ref') ?? repository.defaultBranch;
    const text = [...repository.branches].find(([name, { sha }]) => name === at || sha === at)?.[1].files.get(path);
    if (text === undefined) return problem(404, 'Not Found');
    if (/raw/.test(request.headers.accept ?? '')) return { status: 200, text };
    const links = { git: `${base}/git`, html: `${base}/html`, self: `${base}/self` };
    const body = {
      ...{
        type: 'file',
        encoding: 'base64',
        size: Buffer.byteLength(text),
        name: path.split('/').at(-1),
        path,
        content: Buffer.from(text).toString('base64'),
      },
      ...{ sha: sha1(text), url: links.self, git_url: links.git, html_url: links.html, download_url: null, _links: links },
    };
    return { status: 200, route: 'contents', body };
  }

  function artifacts(job: Job, tail: string): Reply | null {
    const all = store.of(job.backend);
    if (/^runs\/\d+\/artifacts$/.test(tail)) {
      return { status: 200, route: 'artifacts', body: { total_count: all.length, artifacts: all.map(artifactBody) } };
    }
    const [, id, zip] = /^artifacts\/(\d+)(\/zip)?$/.exec(tail) ?? [];
    if (id === undefined) return null;
    const found = all.find((artifact) => String(artifact.id) === id);
    if (found === undefined) return problem(404, 'Not Found');
    if (zip !== undefined) return { status: 302, location: `${base}/download/${found.id}?sig=${randomUUID()}` };
    return { status: 200, route: 'artifact', body: artifactBody(found) };
  }

  function artifactBody({ id, name, size, digest }: FakeArtifact): object {
    const url = `${base}/api/v3/artifacts/${id}`;
    return sample('artifact', { id, name, size_in_bytes: size, digest, expired: false, url, archive_download_url: `${url}/zip` });
  }
}

function repositoryBody({ id, owner, ownerId, name, defaultBranch, visibility }: Repository): object {
  const blank = sample('repository', {}) as { readonly owner: object };
  return {
    ...blank,
    ...{ id, name, full_name: `${owner}/${name}`, default_branch: defaultBranch, private: visibility === 'private', visibility },
    owner: { ...blank.owner, id: ownerId, login: owner, type: 'Organization' },
  };
}

function problem(status: number, message: string): Reply {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) } };
}
