#include "escape.h"

static enum verdict attempt(const char *bait) {
  return exec_for_rights(bait);
}

const struct escape escape_crontab_set_gid = {
    .name = "crontab-set-gid",
    .class = "cron and at",
    .reason = "crontab: commands that run outside, later",
    .bait = "crontab-set-gid",
    .attempt = attempt,
};
