#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_device("/dev/loop-control");
}

const struct escape escape_dev_loop = {
    .name = "dev-loop",
    .class = "devices",
    .reason = "disks made of files",
    .may_be_missing = true,
    .attempt = attempt,
};
