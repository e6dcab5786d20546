#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_device("/dev/kmsg");
}

const struct escape escape_dev_kmsg = {
    .name = "dev-kmsg",
    .class = "devices",
    .reason = "the kernel's log, and lines in its name",
    .may_be_missing = true,
    .attempt = attempt,
};
