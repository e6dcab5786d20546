import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext, test } from 'node:test';
import { ActionError } from '#action/action-error.ts';
import { readJobRecord } from '#action/job-record.ts';
import { type MainWorld, runMain } from '#action/run-main.ts';
import type { GithubBootstrap } from '#control/bootstrap.ts';
import { openSession, resumeSession } from '#control/client.ts';
import { ControlError } from '#control/fault.ts';
import { type GatewayOptions, GatewayStartError } from '#control/gateway-process.ts';
import { mintLocally } from '#control/local-token.ts';
import { readSavedSession } from '#control/saved-session.ts';
import { SESSION, startServer } from '#test/control/harness.ts';
import { temporaryFolder } from '#test/fixtures/folders.ts';
import { type FakeToolkit, fakeToolkit } from './fake-toolkit.ts';

const uid = process.getuid?.() ?? 0;
const INPUTS = {
  ...{
    policy: '.github/duty-gate.yml',
    gateway: 'embedded',
    'egress-policy': 'block',
    confinement: 'required',
    'github-token': 'ghs_token',
  },
  secrets: 'ORDERS_DB: "s3cret\\nsecond line"',
};

type Started = { readonly bootstrap: GithubBootstrap; readonly options: GatewayOptions };
type TestWorld = {
  readonly world: MainWorld;
  readonly toolkit: FakeToolkit;
  readonly started: Started[];
  readonly audiences: string[];
  /** `stop`, `release`, in order. */
  readonly gateway: string[];
  readonly base: string;
  readonly temp: string;
  jobFolders(): readonly string[];
};

/** A job of its own, whose gateway is a real control server that takes any token. */
async function makeWorld(
  t: TestContext,
  change: Partial<MainWorld> = {},
  inputs: Readonly<Record<string, string>> = {},
): Promise<TestWorld> {
  const base = temporaryFolder(t);
  const temp = join(base, 'temp');
  mkdirSync(temp);
  const server = await startServer(t);
  const toolkit = fakeToolkit({ ...INPUTS, ...inputs });
  const [started, audiences, gateway]: [Started[], string[], string[]] = [[], [], []];
  const world: MainWorld = {
    toolkit,
    environment: {
      ...{ GITHUB_REPOSITORY: 'acme/shop', GITHUB_RUN_ID: '7', GITHUB_JOB: 'report', RUNNER_TEMP: temp, RUNNER_TRACKING_ID: 'github_1' },
      ...{ ACTIONS_ID_TOKEN_REQUEST_URL: 'https://x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't' },
      ...{ INPUT_SECRETS: INPUTS.secrets, 'INPUT_GITHUB-TOKEN': 'ghs_token', NODE_TLS_REJECT_UNAUTHORIZED: '0' },
    },
    folders: { base, uid },
    node: process.execPath,
    program: '/opt/dist/duty-gate.js',
    checkHost: async () => undefined,
    shownEvent: async () => null,
    mint: async (audience) => {
      audiences.push(audience);
      return '';
    },
    startGateway: async (bootstrap, options) => {
      started.push({ bootstrap, options });
      const stop = async () => void gateway.push('stop');
      return { socketPath: server.socketPath, pid: 1, stop, release: () => void gateway.push('release') };
    },
    openSession: (request) =>
      openSession({
        ...request,
        mint: async (audience, key) => {
          await request.mint(audience, key);
          return mintLocally(audience, key);
        },
      }),
    cancelled: new Promise(() => undefined),
    ...change,
  };
  const parent = join(base, `duty-gate-${uid}`);
  return { world, toolkit, started, audiences, gateway, base, temp, jobFolders: () => (existsSync(parent) ? readdirSync(parent) : []) };
}

describe('runMain()', () => {
  it('opens the session and leaves all that later steps need', async (t) => {
    const { world, toolkit, started, audiences, gateway, temp } = await makeWorld(t);
    assert.equal(await runMain(world), true, JSON.stringify(toolkit.annotations));
    const folder = toolkit.state['job-folder'] ?? '';
    const evidenceFolder = readJobRecord(folder)?.evidenceFolder ?? '';
    assert.ok(evidenceFolder.startsWith(`${temp}/`));
    assert.deepEqual(
      started.map(({ bootstrap }) => bootstrap),
      [
        {
          issuer: 'github',
          policy: { repository: 'acme/shop', path: '.github/duty-gate.yml', ref: null },
          api: { url: 'https://api.github.com', token: 'ghs_token' },
          identity: { url: 'https://x', token: 't' },
          secrets: { ORDERS_DB: 's3cret\nsecond line' },
          ...{ evidenceFolder, socketFolder: folder },
        },
      ],
    );
    assert.equal(audiences.length, 1);
    assert.match(audiences[0] ?? '', /^duty-gate:session:v1:[A-Za-z0-9._-]{1,64}:[A-Za-z0-9_-]{43}$/);
    assert.deepEqual(gateway, ['release']);
    assert.deepEqual(toolkit.outputs, { 'session-id': SESSION, 'evidence-path': '/evidence' });
    assert.deepEqual(toolkit.path, [join(folder, 'bin')]);
    assert.match(readFileSync(join(folder, 'bin/duty-gate'), 'utf8'), /'\/opt\/dist\/duty-gate\.js'/);
    const resumed = await resumeSession(readSavedSession(folder));
    assert.equal(resumed.answer.session, SESSION);
  });

  it("R6 gives the gateway nothing but the runner's own mark, and keeps no input in the environment", async (t) => {
    const { world, started } = await makeWorld(t);
    await runMain(world);
    assert.deepEqual(started[0]?.options.environment, { RUNNER_TRACKING_ID: 'github_1' });
    assert.deepEqual(
      Object.keys(world.environment).filter((name) => /^(INPUT|NODE)_/.test(name)),
      [],
    );
  });

  it('has the log hide each secret, and each of its lines, before anything else happens', async (t) => {
    const seen: string[][] = [];
    const made = await makeWorld(t, { checkHost: async () => void seen.push([...made.toolkit.secrets]) });
    await runMain(made.world);
    assert.deepEqual(seen, [['ghs_token', 's3cret\nsecond line', 's3cret', 'second line']]);
    assert.ok(
      ![...made.toolkit.lines, ...made.toolkit.path, JSON.stringify([made.toolkit.outputs, made.toolkit.state])].join().includes('s3cret'),
    );
  });

  it('R2 stops a second use before it starts or asks for anything, and leaves the first alone', async (t) => {
    const { world, toolkit, started, jobFolders } = await makeWorld(t);
    assert.equal(await runMain({ ...world, environment: { ...world.environment } }), true);
    assert.equal(await runMain(world), false);
    assert.match(toolkit.errors().join(), /^Cannot open a second session: this job has a session already/);
    assert.deepEqual([started.length, jobFolders().length], [1, 1]);
    assert.ok(readSavedSession(toolkit.state['job-folder'] ?? ''));
  });
});

describe('runMain() refuses, says so once, and leaves nothing running or lying about', () => {
  const no = (error: Error) => async () => {
    throw error;
  };
  const neverInTime = () => new Promise<never>((_, reject) => void setTimeout(() => reject(new Error('the gateway is gone')), 50));
  const cases: readonly {
    readonly name: string;
    readonly change?: Partial<MainWorld>;
    readonly inputs?: Record<string, string>;
    readonly says: RegExp;
    readonly gateway?: readonly string[];
  }[] = [
    { name: 'inputs', inputs: { gateway: 'https://gate.example' }, says: /^Cannot use the gateway/ },
    { name: 'a runner that is none', change: { environment: {} }, says: /^Cannot run on this runner/ },
    {
      name: 'a host',
      change: { checkHost: no(new ActionError('runner', 'Cannot run on this runner: x')) },
      says: /^Cannot run on this runner: x$/,
    },
    {
      name: 'a policy',
      change: { startGateway: no(new GatewayStartError('policy', 'Cannot read nowhere.yml')) },
      says: /^Cannot read nowhere\.yml$/,
    },
    {
      name: 'a token that GitHub does not give',
      change: { mint: no(new ActionError('identity', 'Cannot get an identity token: 503')) },
      says: /^Cannot get an identity token: 503$/,
      gateway: ['stop'],
    },
    {
      name: 'a job that is not bound',
      change: { openSession: no(new ControlError('forbidden', 'Cannot choose a duty: no binding\n  event: is "push", wants "x"')) },
      says: /^Cannot choose a duty: no binding\n {2}event: is "push", wants "x"$/,
      gateway: ['stop'],
    },
    { name: 'a fault', change: { openSession: no(new TypeError('s3cret')) }, says: /^Cannot go on: TypeError/, gateway: ['stop'] },
    {
      name: 'a cancelled job',
      change: { openSession: neverInTime, cancelled: Promise.resolve('SIGINT') },
      says: /^Cannot open the session: SIGINT/,
    },
  ];
  for (const { name, change = {}, inputs = {}, says, gateway: expected } of cases) {
    it(name, async (t) => {
      const { world, toolkit, gateway, jobFolders } = await makeWorld(t, change, inputs);
      assert.equal(await runMain(world), false);
      assert.equal(toolkit.errors().length, 1);
      assert.match(toolkit.errors()[0] ?? '', says);
      assert.ok(!JSON.stringify([toolkit.annotations, toolkit.lines]).includes('s3cret'));
      assert.deepEqual([jobFolders(), toolkit.path, toolkit.outputs], [[], [], {}]);
      if (expected !== undefined) assert.deepEqual(gateway, expected);
      assert.ok(!gateway.includes('release'));
    });
  }

  it('no identity, before it starts anything', async (t) => {
    const { world, toolkit, started } = await makeWorld(t, { shownEvent: async () => ({ name: 'pull_request', fork: 'evil/shop' }) });
    delete world.environment['ACTIONS_ID_TOKEN_REQUEST_URL'];
    assert.equal(await runMain(world), false);
    assert.match(toolkit.errors()[0] ?? '', /from a fork \(evil\/shop\).*id-token: write/s);
    assert.deepEqual(started, []);
  });

  it('a job cancelled while the gateway starts: it is ended as soon as it has', async (t) => {
    const starting = Promise.withResolvers<Awaited<ReturnType<MainWorld['startGateway']>>>();
    const cancelled = Promise.withResolvers<string>();
    const { world, gateway, jobFolders } = await makeWorld(t, {
      cancelled: cancelled.promise,
      startGateway: () => {
        cancelled.resolve('SIGTERM');
        return starting.promise;
      },
    });
    const running = runMain(world);
    await cancelled.promise;
    starting.resolve({ socketPath: '/nowhere', pid: 1, stop: async () => void gateway.push('stop'), release: () => undefined });
    assert.equal(await running, false);
    assert.deepEqual([gateway, jobFolders()], [['stop'], []]);
  });
});

test('runMain() shows what the gateway last said when it fails, and that is no command', async (t) => {
  const { world, toolkit } = await makeWorld(t, {
    startGateway: async (_, { logPath = '' }) => {
      (await import('node:fs')).writeFileSync(logPath, 'TypeError\n::error::x\n');
      throw new GatewayStartError('gateway', 'Cannot start the gateway: it ended');
    },
  });
  assert.equal(await runMain(world), false);
  assert.deepEqual(toolkit.lines, ['duty-gate: gateway: TypeError', 'duty-gate: gateway: ::error::x']);
});
