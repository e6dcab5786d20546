import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;
import {
  object,
  string,
  url
} from "./shared-2T7SPHVJ.js";

// src/action/action-error.ts
var ActionError = class extends Error {
  code;
  constructor(code, message, options) {
    super(message, options);
    this.name = "ActionError";
    this.code = code;
  }
};

// src/action/job-facts.ts
var Id = string().regex(/^[0-9]{1,20}$/);
var Facts = object({
  GITHUB_REPOSITORY: string().regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/),
  GITHUB_RUN_ID: Id,
  GITHUB_RUN_ATTEMPT: Id.default("1"),
  GITHUB_JOB: string().max(256).default(""),
  GITHUB_API_URL: url().refine(isSafeUrl, "expected https").default("https://api.github.com"),
  GITHUB_SERVER_URL: url().refine(isSafeUrl, "expected https").default("https://github.com"),
  RUNNER_TEMP: string().startsWith("/").max(4096),
  /** Absent in a container job. */
  RUNNER_TRACKING_ID: string().max(256).optional()
});
function jobFacts(environment) {
  const said = Object.entries(environment).filter(([, value]) => value !== void 0 && value !== "");
  const parsed = Facts.safeParse(Object.fromEntries(said));
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => path.join(".")))].join(", ");
    throw new ActionError(
      "runner",
      `Cannot run on this runner: it does not say, or says wrongly, ${names}, expected as in a job of GitHub Actions`
    );
  }
  const facts = parsed.data;
  return {
    repository: facts.GITHUB_REPOSITORY,
    runId: facts.GITHUB_RUN_ID,
    attempt: facts.GITHUB_RUN_ATTEMPT,
    job: facts.GITHUB_JOB,
    apiUrl: facts.GITHUB_API_URL,
    serverUrl: facts.GITHUB_SERVER_URL,
    temp: facts.RUNNER_TEMP,
    trackingId: facts.RUNNER_TRACKING_ID ?? null
  };
}
function isSafeUrl(text) {
  const url2 = URL.canParse(text) ? new URL(text) : null;
  if (url2 === null || url2.username !== "" || url2.password !== "") return false;
  return url2.protocol === "https:" || url2.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url2.hostname);
}

// src/action/own-environment.ts
var KEPT = /^(?:GITHUB_.*|RUNNER_.*|PATH|HOME|LANG|LC_ALL|TZ|https?_proxy|no_proxy|HTTPS?_PROXY|NO_PROXY)$/;
var KEPT_ACTIONS = /* @__PURE__ */ new Set([
  "ACTIONS_ID_TOKEN_REQUEST_URL",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  "ACTIONS_RUNTIME_TOKEN",
  "ACTIONS_RESULTS_URL"
]);
function forgetEnvironment(environment) {
  for (const name of Object.keys(environment)) {
    if (!KEPT.test(name) && !KEPT_ACTIONS.has(name)) delete environment[name];
  }
}

// src/action/time-limit.ts
async function within(msMax, act, late) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(late()), msMax);
  });
  try {
    return await Promise.race([act, limit]);
  } finally {
    clearTimeout(timer);
  }
}

export {
  ActionError,
  jobFacts,
  forgetEnvironment,
  within
};
