#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_folder_to_write(bait);
}

const struct escape escape_cron_spool = {
    .name = "cron-spool",
    .class = "cron and at",
    .reason = "a crontab written by hand: commands that run outside, later",
    .bait = "cron-spool",
    .attempt = attempt,
};
