#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_to_write(bait);
}

const struct escape escape_runner_env_write = {
    .name = "runner-env-write",
    .class = "file commands and the action",
    .reason = "GITHUB_ENV: variables that make the next step run something else",
    .bait = "runner-env-write",
    .attempt = attempt,
};
