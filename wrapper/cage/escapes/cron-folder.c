#include "escape.h"

static enum verdict attempt(const char *bait) {
  return reach_folder_to_write(bait);
}

const struct escape escape_cron_folder = {
    .name = "cron-folder",
    .class = "cron and at",
    .reason = "a file for the system's crontab: commands that run outside as root",
    .bait = "cron-folder",
    .attempt = attempt,
};
