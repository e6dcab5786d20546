#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_to_write("/sys/kernel/uevent_helper");
}

const struct escape escape_uevent_program_write = {
    .name = "uevent-program-write",
    .class = "files of the kernel",
    .reason = "a program that the kernel starts as root at each event of a device",
    .may_be_missing = true,
    .attempt = attempt,
};
