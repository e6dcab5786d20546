#include "escape.h"

static enum verdict attempt(const char *bait) {
  return exec_for_rights(bait);
}

const struct escape escape_at_set_uid = {
    .name = "at-set-uid",
    .class = "cron and at",
    .reason = "at: commands that run outside, later",
    .bait = "at-set-uid",
    .attempt = attempt,
};
