#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_to_write(bait);
}

const struct escape escape_runner_summary_write = {
    .name = "runner-summary-write",
    .class = "file commands and the action",
    .reason = "GITHUB_STEP_SUMMARY: what people read about the job",
    .bait = "runner-summary-write",
    .attempt = attempt,
};
