#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_to_write("/proc/sys/kernel/modprobe");
}

const struct escape escape_modprobe_path_write = {
    .name = "modprobe-path-write",
    .class = "files of the kernel",
    .reason = "a program that the kernel starts as root for each missing module",
    .may_be_missing = true,
    .attempt = attempt,
};
