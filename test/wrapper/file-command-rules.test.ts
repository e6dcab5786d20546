import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { environmentNameFault, outputNameFault } from '#wrapper/file-command-rules.ts';

const none: ReadonlySet<string> = new Set();
const ACTS = 'it would act on the programs of later steps';
const OWN = "it is the runner's own";
const NO_NAME = 'it is no name of a variable';

describe('environmentNameFault()', () => {
  for (const name of [
    ...['PATH', 'HOME', 'ENV', 'BASH_ENV', 'LD_PRELOAD', 'LD_LIBRARY_PATH', 'LD_AUDIT', 'LD_', 'BASH_FUNC_ls', 'GCONV_PATH'],
    ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'PYTHONPATH', 'PYTHONHOME', 'PYTHONSTARTUP', 'PERL5OPT', 'PERL5LIB'],
    ...['RUBYOPT', 'RUBYLIB', 'JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS', 'DOTNET_STARTUP_HOOKS'],
    ...['GIT_DIR', 'GIT_SSH', 'GIT_SSH_COMMAND', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_COUNT', 'GIT_EXEC_PATH', 'GIT_ASKPASS'],
    ...[
      'SSL_CERT_FILE',
      'SSL_CERT_DIR',
      'HTTPS_PROXY',
      'https_proxy',
      'All_Proxy',
      'no_proxy',
      'npm_config_registry',
      'NPM_CONFIG_REGISTRY',
    ],
  ]) {
    test(`R18 refuses ${name}`, () => assert.equal(environmentNameFault(name, none), ACTS));
  }

  for (const name of [
    ...[
      'INPUT_POLICY',
      'STATE_isPost',
      'ACTIONS_RUNTIME_TOKEN',
      'ACTIONS_ID_TOKEN_REQUEST_URL',
      'DUTY_GATE_JOB',
      'DUTY_GATE_ENV_LD_PRELOAD',
    ],
    ...['GITHUB_WORKSPACE', 'GITHUB_SHA', 'GITHUB_ENV', 'RUNNER_TEMP', 'RUNNER_TRACKING_ID', 'CI'],
  ]) {
    test(`R18 refuses ${name}, which would speak for another`, () => assert.equal(environmentNameFault(name, none), OWN));
  }

  for (const name of [
    ...['NODE_ENV', 'GIT_SHA', 'PYTHON_VERSION', 'PYTHONUNBUFFERED', 'JAVA_HOME', 'env', 'Path', 'GITHUB_SHA_SHORT', 'RUNNERS', 'a', '_'],
    ...['LD', 'ld_preload', 'PROXY_URL', 'MY_PROXY_HOST', 'VERSION', 'A'.repeat(255)],
  ]) {
    test(`passes ${name.slice(0, 20)}`, () => assert.equal(environmentNameFault(name, none), null));
  }

  for (const name of [
    ...['', ' ', 'A B', 'A ', ' A', 'A=B', 'A\n', 'A\r', 'A\0', 'A\tB', '1A', 'a-b', 'a.b', 'A'.repeat(256), 'BASH_FUNC_x%%'],
    // Confusables: full-width PATH, Cyrillic A, a soft hyphen, an invisible separator, a combining mark.
    ...['ＰＡＴＨ', 'РАТН', 'LD\u00adX', 'A\u2063', 'A\u0301', 'ſ', '\ufeffA'],
  ]) {
    test(`refuses ${JSON.stringify(name).slice(0, 20)} as no name`, () => assert.equal(environmentNameFault(name, none), NO_NAME));
  }
});

describe('outputNameFault()', () => {
  for (const name of ['version', 'my-output', 'a.b', 'src/app', 'PATH', 'LD_PRELOAD', '1st', 'a:b@c']) {
    test(`passes ${name}`, () => assert.equal(outputNameFault(name), null));
  }
  for (const name of ['', 'a b', 'a\r', 'a\0', '##[error]', '-x', 'é', 'a'.repeat(256), 'a<b']) {
    test(`refuses ${JSON.stringify(name).slice(0, 20)}`, () => assert.equal(outputNameFault(name), NO_NAME));
  }
});

test('R18 environmentNameFault() lets pass what the policy names, but nothing that speaks to the runner or to actions', () => {
  const passed = new Set(['PATH', 'NODE_OPTIONS', 'INPUT_X', 'GITHUB_SHA', 'ACTIONS_X', 'no name']);
  for (const name of ['PATH', 'NODE_OPTIONS']) assert.equal(environmentNameFault(name, passed), null);
  for (const name of ['INPUT_X', 'GITHUB_SHA', 'ACTIONS_X', 'no name', 'LD_PRELOAD'])
    assert.notEqual(environmentNameFault(name, passed), null);
});
