#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_to_write("/proc/sys/kernel/core_pattern");
}

const struct escape escape_core_pattern_write = {
    .name = "core-pattern-write",
    .class = "files of the kernel",
    .reason = "a program that the kernel starts as root at each crash",
    .attempt = attempt,
};
