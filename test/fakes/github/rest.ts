import { createHash, randomUUID } from 'node:crypto';
import { type Answer, bearerOf, type Question, type Service } from './http-server.ts';
import type { Job } from './jobs.ts';
import { API_VERSIONS, type ApiVersion, type OperationName } from './openapi/operations.ts';
import { queryOf, replyFault } from './openapi/validate.ts';
import type { Repository } from './repositories.ts';
import { ACCOUNT_ROUTES } from './rest-accounts.ts';
import { ARTIFACT_ROUTES } from './rest-artifacts.ts';
import { ANONYMOUS, NOT_FOUND, type RestCall, type RestPlace, type RestReply, type Route } from './rest-call.ts';
import { CONTENT_ROUTES } from './rest-contents.ts';
import { REPOSITORY_ROUTES } from './rest-repositories.ts';

const ROUTES: readonly Route[] = [...REPOSITORY_ROUTES, ...CONTENT_ROUTES, ...ARTIFACT_ROUTES, ...ACCOUNT_ROUTES];
const PREFIX = '/api/v3';
const DOCUMENTATION = 'https://docs.github.com/rest';
const MATCHERS = ROUTES.map((route) => ({ route, ...templateOf(route.operation) }));

/** What is found of a question before anybody answers it. */
type Match = { readonly route: Route; readonly parameters: Readonly<Record<string, string>> };
/** `payer`: whose rate it counts against. */
type Routed = { readonly operation: OperationName | null; readonly version: ApiVersion; readonly payer: string; readonly reply: RestReply };

/** GitHub's REST API: what all calls have in common. Each reply is held against GitHub's own description. */
export function createRest(place: RestPlace, problems: string[]): Service {
  return {
    prefix: `${PREFIX}/`,
    answer(question) {
      if ((question.headers['user-agent'] ?? '') === '')
        return { status: 403, headers: { 'content-type': 'text/plain' }, body: NO_USER_AGENT };
      const routed = routedOf(place, problems, question);
      const reply = onTheWire(routed.reply);
      const fault = routed.reply.kind === 'text' ? null : replyFault({ ...routed, ...reply });
      if (fault !== null) problems.push(`The answer is not GitHub's: ${fault}`);
      return answerOf(place, question, routed, reply);
    },
  };
}

function routedOf(place: RestPlace, problems: string[], { url, headers, method }: Question): Routed {
  const asked = headers['x-github-api-version'] ?? API_VERSIONS[0];
  const version = API_VERSIONS.find((each) => each === asked);
  const token = headers.authorization === undefined ? null : (bearerOf(headers) ?? '');
  const caller = place.jobs.find((job) => job.token === token && job.isAlive()) ?? null;
  const payer = caller === null ? ANONYMOUS : String(caller.run.repository.id);
  const refused = (status: number, message: string): Routed => ({
    ...{ operation: null, version: version ?? API_VERSIONS[0], payer, reply: { kind: 'problem', status, message } },
  });
  if (version === undefined) return refused(400, `'${asked}' is not a supported version of the REST API.`);
  if (token !== null && caller === null) return refused(401, 'Bad credentials');
  const match = find(method, url.pathname.slice(PREFIX.length));
  if (match === null) {
    problems.push(`${method} ${url.pathname}: an endpoint that this simulator does not know`);
    return refused(404, 'Not Found');
  }
  const { route, parameters } = match;
  problems.push(...queryProblems(route.operation, url));
  const format = formatOf(headers.accept ?? '*/*', route);
  if (format === null) return refused(415, `Unsupported 'Accept' header: '${headers.accept}'. Must accept 'application/json'.`);
  const isFree = route.on === 'site' && route.isFree === true;
  if (!isFree && !place.limits.take(payer)) return refused(403, 'API rate limit exceeded for installation.');
  const call: RestCall = { place, parameters, query: url.searchParams, format, version, caller };
  return { operation: route.operation, version, payer, reply: replyOf(route, call) };
}

/** `METHOD /a/{b}`; a path of several parts fits what stands for a file or a ref. */
function templateOf(operation: OperationName): { readonly method: string; readonly pattern: RegExp } {
  const [method = '', template = ''] = operation.split(' ');
  const isLong = /\/(?:contents|git\/ref)\/\{\w+\}$/.test(template);
  const pattern = template.replace(/\/\{(\w+)\}/g, (whole, name: string, at: number) => {
    const isLast = at + whole.length === template.length;
    if (!isLast || !isLong) return `/(?<${name}>[^/]+)`;
    return name === 'path' ? `(?:/(?<${name}>.*))?` : `/(?<${name}>.+)`;
  });
  return { method, pattern: new RegExp(`^${pattern}$`) };
}

function find(method: string, path: string): Match | null {
  for (const { route, method: own, pattern } of MATCHERS) {
    const found = own === method ? pattern.exec(path) : null;
    if (found !== null) return { route, parameters: decoded(found.groups ?? {}) };
  }
  return null;
}

type Wire = {
  readonly status: number;
  readonly mediaType: string;
  /** Null: none. */
  readonly body: object | string | null;
  readonly headers: Readonly<Record<string, string>>;
};

function answerOf(place: RestPlace, question: Question, { version, payer }: Routed, { status, mediaType, body, headers }: Wire): Answer {
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const etag = `W/"${createHash('sha256').update(`${mediaType}\n${payload}`).digest('hex')}"`;
  const isCacheable = question.method === 'GET' && status === 200;
  const known = (question.headers['if-none-match'] ?? '').split(/\s*,\s*/).map((each) => each.replace(/^(?:W\/)?/, 'W/'));
  const isKnown = isCacheable && known.includes(etag);
  // GitHub's own favour to those who poll.
  if (isKnown) place.limits.giveBack(payer);
  const common = { ...commonHeaders(place, payer, version), ...(isCacheable ? { etag } : {}), ...headers };
  if (isKnown) return { status: 304, headers: common };
  if (body === null) return { status, headers: common };
  return { status, headers: { ...common, 'content-type': `${mediaType}; charset=utf-8` }, body: payload };
}

const NO_USER_AGENT =
  '\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check https://developer.github.com for other possible causes.\r\n';

function replyOf(route: Route, call: RestCall): RestReply {
  if (route.on === 'site') return route.answer(call);
  const { caller, parameters, place } = call;
  const isAsked = (each: Repository) =>
    each.owner.toLowerCase() === parameters['owner']?.toLowerCase() && each.name.toLowerCase() === parameters['repo']?.toLowerCase();
  const repository = place.repositories.find(isAsked);
  const isOwn = repository !== undefined && repository.id === caller?.run.repository.id;
  // What a token may not see is not there, either.
  if (repository === undefined || (repository.visibility === 'private' && !isOwn)) return NOT_FOUND;
  if (!mayAsk(route.scope, repository, isOwn ? caller : null))
    return { kind: 'problem', status: 403, message: 'Resource not accessible by integration' };
  return route.answer(call, repository);
}

function mayAsk(scope: Extract<Route, { on: 'repository' }>['scope'], { visibility }: Repository, own: Job | null): boolean {
  if (scope === null) return true;
  const granted = own?.scopes[scope.name] ?? 'none';
  if (granted === 'write') return true;
  return scope.level === 'read' && (granted === 'read' || visibility === 'public');
}

function onTheWire(reply: RestReply): Wire {
  const plain = { status: 200, mediaType: 'application/json', body: null, headers: {} };
  switch (reply.kind) {
    case 'json': {
      const { body, mediaType = plain.mediaType, link } = reply;
      return { ...plain, mediaType, body, headers: link === undefined ? {} : { link } };
    }
    case 'text':
      return { ...plain, mediaType: reply.mediaType, body: reply.text };
    case 'redirect':
      return { ...plain, status: 302, headers: { location: reply.location } };
    case 'done':
      return { ...plain, status: 204 };
    case 'problem': {
      const { status, message } = reply;
      return { ...plain, status, body: { message, documentation_url: DOCUMENTATION, status: String(status) } };
    }
  }
}

function commonHeaders({ limits }: RestPlace, payer: string, version: ApiVersion): Record<string, string> {
  const { limit, remaining, used, reset } = limits.state(payer);
  return {
    ...{ 'x-github-request-id': randomUUID(), 'x-github-api-version-selected': version, 'x-ratelimit-resource': 'core' },
    ...{ 'x-ratelimit-limit': String(limit), 'x-ratelimit-remaining': String(remaining) },
    ...{ 'x-ratelimit-used': String(used), 'x-ratelimit-reset': String(reset), vary: 'Accept, Authorization' },
  };
}

function decoded(groups: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value ?? '')]));
}

function queryProblems(operation: OperationName, { pathname, searchParams }: URL): readonly string[] {
  const known = queryOf(operation);
  const names = [...searchParams.keys()];
  return names
    .filter((name, index) => !known.includes(name) || names.indexOf(name) !== index)
    .map((name) => `${pathname}: ${name} is no parameter of ${operation}, or is given twice`);
}

/** Of the first type in `Accept` that GitHub has; null: it has none of them. */
function formatOf(accept: string, { formats = [] }: Route): RestCall['format'] | null {
  for (const type of accept.split(',').map((each) => each.split(';')[0]?.trim() ?? '')) {
    const format = /^application\/vnd\.github(?:\.v3)?(?:\.([a-z]+))?(?:\+json)?$/.exec(type);
    if (format !== null) return formats.find((each) => each === format[1]) ?? 'json';
    if (['application/json', 'application/*', '*/*'].includes(type)) return 'json';
  }
  return null;
}
