// reviewed data table
/**
 * Which names a wrapped command may hand to the job's later steps (R18).
 *
 * Later steps run outside the cage, our own launcher among them. What changes which program a name leads to, what a program
 * loads at its start, whom it trusts or where it sends, would be the command's way out; everyday names pass. Names of
 * variables are case-sensitive here, and so is this table, but for those that programs read in either case.
 */

/** Told to the author of the workflow; never quotes what the command wrote. */
export type NameFault = 'it is no name of a variable' | 'it would act on the programs of later steps' | "it is the runner's own";

const ENVIRONMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;
/** The runner takes nearly anything; this is what expressions of a workflow read without tricks. */
const OUTPUT_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.:/@-]{0,254}$/;

/** Which program, which home, which shell start-up. */
const SHELLS = [
  'PATH',
  'HOME',
  'SHELL',
  'ENV',
  'BASH_ENV',
  'IFS',
  'PS4',
  'PROMPT_COMMAND',
  'SHELLOPTS',
  'BASHOPTS',
  'CDPATH',
  'GLOBIGNORE',
  'ZDOTDIR',
];
/** The C library's own: modules, locales, names, tuning of the allocator. */
const C_LIBRARY = [
  'GCONV_PATH',
  'GETCONF_DIR',
  'GLIBC_TUNABLES',
  'HOSTALIASES',
  'LOCALDOMAIN',
  'LOCPATH',
  'NLSPATH',
  'RESOLV_HOST_CONF',
  'RES_OPTIONS',
];
const NODE = ['NODE_OPTIONS', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'NODE_REPL_EXTERNAL_MODULE', 'NODE_TLS_REJECT_UNAUTHORIZED'];
const PYTHON = [
  'PYTHONPATH',
  'PYTHONHOME',
  'PYTHONSTARTUP',
  'PYTHONUSERBASE',
  'PYTHONBREAKPOINT',
  'PYTHONEXECUTABLE',
  'PYTHONPLATLIBDIR',
  'PYTHONPYCACHEPREFIX',
  'PYTHONWARNINGS',
];
const PERL = ['PERL5OPT', 'PERL5LIB', 'PERL5DB', 'PERLLIB'];
const OTHERS = ['RUBYOPT', 'RUBYLIB', 'RUBYSHELL', 'LUA_INIT', 'LUA_PATH', 'LUA_CPATH', 'PHPRC', 'PHP_INI_SCAN_DIR'];
const JAVA = ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS'];
const DOTNET = ['DOTNET_STARTUP_HOOKS', 'DOTNET_ADDITIONAL_DEPS', 'DOTNET_SHARED_STORE'];
const GIT = [
  'GIT_DIR',
  'GIT_EXEC_PATH',
  'GIT_ASKPASS',
  'GIT_EDITOR',
  'GIT_SEQUENCE_EDITOR',
  'GIT_PAGER',
  'GIT_EXTERNAL_DIFF',
  'GIT_PROXY_COMMAND',
];
const GIT_PLACES = [
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_TEMPLATE_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
];
const TRUST = [
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'OPENSSL_CONF',
  'OPENSSL_MODULES',
  'OPENSSL_ENGINES',
  'SSH_ASKPASS',
  'SSH_AUTH_SOCK',
];
const PAGERS = ['EDITOR', 'VISUAL', 'PAGER', 'MANPAGER', 'LESSOPEN', 'LESSCLOSE', 'BROWSER'];

const REFUSED: ReadonlySet<string> = new Set([
  ...[SHELLS, C_LIBRARY, NODE, PYTHON, PERL, OTHERS, JAVA, DOTNET, GIT, GIT_PLACES, TRUST, PAGERS].flat(),
]);

const REFUSED_PREFIXES = [
  'LD_',
  'DYLD_',
  'BASH_FUNC_',
  'GIT_SSH',
  'GIT_CONFIG',
  'SSL_CERT_',
  'CORECLR_',
  'COR_PROFILER',
  'COR_ENABLE',
] as const;

/** The runner's words to actions, and ours to ourselves. */
const OWN_PREFIXES = ['INPUT_', 'STATE_', 'ACTIONS_', 'DUTY_GATE_'] as const;

/** Read in either case. */
const REFUSED_ANY_CASE = [/_PROXY$/i, /^NPM_CONFIG_/i] as const;

/** Names that the runner documents as its own; another GITHUB_… or RUNNER_… is a workflow's. */
const RUNNERS: ReadonlySet<string> = new Set([
  'CI',
  ...(
    'ACTION ACTIONS ACTION_PATH ACTION_REF ACTION_REPOSITORY ACTOR ACTOR_ID API_URL BASE_REF ENV EVENT_NAME EVENT_PATH GRAPHQL_URL HEAD_REF JOB ' +
    'OUTPUT PATH REF REF_NAME REF_PROTECTED REF_TYPE REPOSITORY REPOSITORY_ID REPOSITORY_OWNER REPOSITORY_OWNER_ID RETENTION_DAYS RUN_ATTEMPT ' +
    'RUN_ID RUN_NUMBER SERVER_URL SHA STATE STEP_SUMMARY TRIGGERING_ACTOR WORKFLOW WORKFLOW_REF WORKFLOW_SHA WORKSPACE'
  )
    .split(' ')
    .map((name) => `GITHUB_${name}`),
  ...'ARCH DEBUG ENVIRONMENT NAME OS PERFLOG TEMP TOOL_CACHE TRACKING_ID WORKSPACE'.split(' ').map((name) => `RUNNER_${name}`),
]);

/**
 * Why later steps do not get a variable of this name; null: they do.
 *
 * @param passed names that the policy passes on, whatever they act on.
 */
export function environmentNameFault(name: string, passed: ReadonlySet<string>): NameFault | null {
  if (!ENVIRONMENT_NAME.test(name)) return 'it is no name of a variable';
  if (RUNNERS.has(name) || OWN_PREFIXES.some((prefix) => name.startsWith(prefix))) return "it is the runner's own";
  if (passed.has(name)) return null;
  const acts =
    REFUSED.has(name) ||
    REFUSED_PREFIXES.some((prefix) => name.startsWith(prefix)) ||
    REFUSED_ANY_CASE.some((pattern) => pattern.test(name));
  return acts ? 'it would act on the programs of later steps' : null;
}

/** The same for outputs and state, which no program reads unasked. */
export function outputNameFault(name: string): NameFault | null {
  return OUTPUT_NAME.test(name) ? null : 'it is no name of a variable';
}
