#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_to_write("/proc/sysrq-trigger");
}

const struct escape escape_sysrq_trigger = {
    .name = "sysrq-trigger",
    .class = "files of the kernel",
    .reason = "reboots, killings and dumps of the whole machine",
    .may_be_missing = true,
    .attempt = attempt,
};
