import { getIDToken } from '@actions/core';
import { ActionError } from './action-error.ts';
import type { ShownEvent } from './event.ts';
import type { Environment } from './job-facts.ts';
import { within } from './time-limit.ts';
import { visible } from './untrusted-text.ts';

const MINT_MS_MAX = 30_000;
const REASON_CHARACTERS_MAX = 300;

/**
 * GitHub gives a job the means to ask for a token, or it does not.
 *
 * @param shownEvent asked only for words.
 * @throws ActionError `identity`, naming both causes
 */
export async function requireIdentity(environment: Environment, shownEvent: () => Promise<ShownEvent | null>): Promise<void> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = environment;
  if (url !== undefined && url !== '' && token !== undefined && token !== '') return;
  const fork = (await shownEvent())?.fork ?? null;
  const state =
    fork === null
      ? 'GitHub offers this job none'
      : `this is a pull request from a fork (${visible(fork, REASON_CHARACTERS_MAX)}), and GitHub offers such a job none`;
  const mend =
    fork === null
      ? 'permissions: id-token: write in the workflow or the job. If it has that already, this is a pull request from a fork, which never gets it'
      : 'an event of this repository itself. permissions: id-token: write has no effect here: run these jobs without duty-gate, or on a branch of this repository';
  throw new ActionError('identity', `Cannot get an identity token: ${state}, expected ${mend}`);
}

/** Asks GitHub once for a token with this audience. @throws ActionError `identity` */
export async function mintToken(audience: string, ask: (audience: string) => Promise<string> = getIDToken): Promise<string> {
  try {
    return await within(MINT_MS_MAX, ask(audience), () => new Error(`no answer in ${MINT_MS_MAX} ms`));
  } catch (cause) {
    const reason = visible(cause instanceof Error ? cause.message.replace(/\s+/g, ' ') : 'unknown', REASON_CHARACTERS_MAX);
    throw new ActionError(
      'identity',
      `Cannot get an identity token: ${reason}, expected GitHub to give one (permissions: id-token: write)`,
      {
        cause,
      },
    );
  }
}
