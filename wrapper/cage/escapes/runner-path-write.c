#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_to_write(bait);
}

const struct escape escape_runner_path_write = {
    .name = "runner-path-write",
    .class = "file commands and the action",
    .reason = "GITHUB_PATH: programs of one's own in place of the next step's",
    .bait = "runner-path-write",
    .attempt = attempt,
};
