#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_to_write(bait);
}

const struct escape escape_action_dist_write = {
    .name = "action-dist-write",
    .class = "file commands and the action",
    .reason = "the gate's own program: the next step runs what is written there",
    .bait = "action-dist-write",
    .attempt = attempt,
};
