#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_folder_to_write(bait);
}

const struct escape escape_at_spool = {
    .name = "at-spool",
    .class = "cron and at",
    .reason = "an at job written by hand: commands that run outside, later",
    .bait = "at-spool",
    .attempt = attempt,
};
