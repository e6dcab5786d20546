#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_device("/dev/userfaultfd");
}

const struct escape escape_dev_userfaultfd = {
    .name = "dev-userfaultfd",
    .class = "devices",
    .reason = "page faults held up, a help against the kernel",
    .may_be_missing = true,
    .attempt = attempt,
};
