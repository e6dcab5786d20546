import type { Account } from './accounts.ts';
import { sample } from './openapi/validate.ts';
import { ANONYMOUS, NOT_FOUND, type RestCall, type RestReply, type Route } from './rest-call.ts';

export const ACCOUNT_ROUTES: readonly Route[] = [
  { operation: 'GET /users/{username}', on: 'site', answer: getUser },
  { operation: 'GET /orgs/{org}', on: 'site', answer: getOrganisation },
  { operation: 'GET /rate_limit', on: 'site', isFree: true, answer: getRateLimit },
];

/** Organisations are users, too. */
function getUser(call: RestCall): RestReply {
  const found = call.place.accounts.find(call.parameters['username'] ?? '');
  if (found === null) return NOT_FOUND;
  return { kind: 'json', body: sample('public-user', call.version, { ...membersOf(call, found), user_view_type: 'public' }) };
}

function getOrganisation(call: RestCall): RestReply {
  const found = call.place.accounts.find(call.parameters['org'] ?? '');
  return found?.type === 'Organization'
    ? { kind: 'json', body: sample('organization-full', call.version, membersOf(call, found)) }
    : NOT_FOUND;
}

function membersOf({ place }: RestCall, { login, id, type }: Account): object {
  return { login, id, type, node_id: `${type === 'User' ? 'U' : 'O'}_${id}`, url: `${place.apiUrl}/users/${login}` };
}

function getRateLimit({ place, caller, version }: RestCall): RestReply {
  const core = place.limits.state(caller === null ? ANONYMOUS : String(caller.run.repository.id));
  const search = { limit: 30, used: 0, remaining: 30, reset: core.reset };
  const resources = { core, search };
  return { kind: 'json', body: version === '2022-11-28' ? { resources, rate: core } : { resources } };
}
