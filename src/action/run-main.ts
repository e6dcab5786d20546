import { mkdtempSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { GithubBootstrap } from '#control/bootstrap.ts';
import type { ControlSession, SessionRequest } from '#control/client.ts';
import type { GatewayOptions, GatewayProcess } from '#control/gateway-process.ts';
import { writeSavedSession } from '#control/saved-session.ts';
import { ActionError } from './action-error.ts';
import type { ShownEvent } from './event.ts';
import { gatewayLogPath, gatewayLogTail } from './gateway-log.ts';
import { requireIdentity } from './identity-token.ts';
import { type Inputs, type PolicyInput, parseInputs, type RawInputs, readInputs } from './inputs.ts';
import { type Environment, type JobFacts, jobFacts } from './job-facts.ts';
import { type FolderPlace, JOB_FOLDER_STATE, makeJobFolder, removeJobFolder } from './job-folder.ts';
import { writeJobRecord } from './job-record.ts';
import { writeLauncher } from './launcher.ts';
import { forgetEnvironment } from './own-environment.ts';
import { refusalOf, tellRefusal } from './refusals.ts';
import { within } from './time-limit.ts';
import type { Toolkit } from './toolkit.ts';
import { logLine } from './untrusted-text.ts';

/** What the action's first step needs of the world. */
export type MainWorld = {
  readonly toolkit: Toolkit;
  /** The process's own: changed in place. */
  readonly environment: Environment;
  readonly folders: FolderPlace;
  /** Absolute paths of Node and of the command line's program. */
  readonly node: string;
  readonly program: string;
  checkHost(): Promise<void>;
  shownEvent(): Promise<ShownEvent | null>;
  mint(audience: string): Promise<string>;
  startGateway(bootstrap: GithubBootstrap, options: GatewayOptions): Promise<GatewayProcess>;
  openSession(request: SessionRequest): Promise<ControlSession>;
  /** Resolves with a word for it when the runner asks us to end. */
  readonly cancelled: Promise<string>;
};

/** Opens the job's session. Answers whether it is open; why not has been said, and nothing is left running then. */
export async function runMain(world: MainWorld): Promise<boolean> {
  const raw = readInputs(world.toolkit.getInput);
  forgetEnvironment(world.environment);
  let policy: PolicyInput | null = null;
  try {
    const inputs = parseInputs(raw);
    policy = inputs.policy;
    hideSecrets(world.toolkit, raw, inputs);
    const facts = jobFacts(world.environment);
    await requireIdentity(world.environment, world.shownEvent);
    await openInFolder(world, inputs, facts);
    return true;
  } catch (error) {
    tellRefusal(world.toolkit, refusalOf(error), policy);
    return false;
  }
}

/** P5: as YAML gives them they may differ from what the workflow pasted, which the runner knows already. */
function hideSecrets({ setSecret }: Toolkit, raw: RawInputs, { secrets }: Inputs): void {
  for (const value of [raw['github-token'], ...Object.values(secrets)]) {
    setSecret(value);
    for (const line of value.split(/\r\n|\r|\n/)) if (line.trim() !== '' && line !== value) setSecret(line);
  }
}

/** A token, a policy's targets and a bundle take a second or two. */
const OPENING_MS_MAX = 60_000;

type Started = { gateway: Promise<GatewayProcess> | null };

async function openInFolder(world: MainWorld, inputs: Inputs, facts: JobFacts): Promise<void> {
  const folder = makeJobFolder(world.folders, facts);
  const started: Started = { gateway: null };
  try {
    world.toolkit.saveState(JOB_FOLDER_STATE, folder);
    const cancelled = world.cancelled.then((why): never => {
      throw new ActionError('cancelled', `Cannot open the session: ${why}, expected to be let finish`);
    });
    await Promise.race([open(world, inputs, facts, { folder, started }), cancelled]);
  } catch (error) {
    const gateway = await started.gateway?.catch(() => null);
    await gateway?.stop();
    for (const line of gatewayLogTail(folder)) world.toolkit.info(logLine(`gateway: ${line}`));
    removeJobFolder(folder);
    throw error;
  }
}

type Place = { readonly folder: string; readonly started: Started };

async function open(world: MainWorld, inputs: Inputs, facts: JobFacts, { folder, started }: Place): Promise<void> {
  await world.checkHost();
  const { artifactName, retentionDays, attest } = inputs;
  const evidenceFolder = mkdtempSync(join(realTemp(facts), 'duty-gate-evidence-'));
  writeJobRecord(folder, { evidenceFolder, artifactName, retentionDays, attest });
  // The runner sweeps what a job leaves behind by this variable; it is all that the gateway gets.
  const environment: Record<string, string> = facts.trackingId === null ? {} : { RUNNER_TRACKING_ID: facts.trackingId };
  started.gateway = world.startGateway(bootstrap(inputs, facts, { folder, evidenceFolder, identity: identityRequest(world.environment) }), {
    environment,
    logPath: gatewayLogPath(folder),
  });
  const gateway = await started.gateway;
  const opening = world.openSession({ socketPath: gateway.socketPath, duty: inputs.duty, mint: (audience) => world.mint(audience) });
  const session = await within(OPENING_MS_MAX, opening, tooLate);
  writeSavedSession(folder, session.saved);
  world.toolkit.addPath(writeLauncher({ node: world.node, program: world.program, jobFolder: folder }));
  gateway.release();
  tellOpened(world.toolkit, session);
}

/** They are there: requireIdentity has looked. */
function identityRequest(environment: Environment): GithubBootstrap['identity'] {
  return { url: environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '', token: environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '' };
}

function tooLate(): ActionError {
  return new ActionError('gateway', `Cannot open the session: the gateway did not answer in ${OPENING_MS_MAX} ms, expected its answer`);
}

function realTemp({ temp }: JobFacts): string {
  try {
    return realpathSync(temp);
  } catch (cause) {
    throw new ActionError('runner', `Cannot run on this runner: RUNNER_TEMP is not there, expected a folder for the evidence`, { cause });
  }
}

function bootstrap(
  { policy, secrets, token }: Inputs,
  { repository, apiUrl }: JobFacts,
  {
    folder,
    evidenceFolder,
    identity,
  }: { readonly folder: string; readonly evidenceFolder: string; readonly identity: GithubBootstrap['identity'] },
): GithubBootstrap {
  return {
    issuer: 'github',
    policy: { repository: policy.repository ?? repository, path: policy.path, ref: policy.ref },
    api: { url: apiUrl, token },
    identity,
    secrets: { ...secrets },
    evidenceFolder,
    socketFolder: folder,
  };
}

function tellOpened({ setOutput, info }: Toolkit, { answer }: ControlSession): void {
  setOutput('session-id', answer.session);
  setOutput('evidence-path', answer.evidence);
  const targets = answer.targets.map(({ target }) => target).join(', ') || 'none';
  info(logLine(`session ${answer.session} is open: duty ${answer.duty}, targets ${targets}`));
  info(logLine('steps with "shell: duty-gate shell {0}" run under it; others, and steps with "uses:", do not'));
  if (answer.keeps.recordings === 'none') info(logLine('terminals are not recorded: see "evidence" in the policy'));
  if (answer.checkpoint !== null) info(logLine(`checkpoint ${answer.checkpoint}`));
}
