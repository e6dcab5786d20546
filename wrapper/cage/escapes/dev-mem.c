#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_device("/dev/mem");
}

const struct escape escape_dev_mem = {
    .name = "dev-mem",
    .class = "devices",
    .reason = "the machine's memory",
    .may_be_missing = true,
    .attempt = attempt,
};
