#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_to_write("/proc/sys/fs/binfmt_misc/register");
}

const struct escape escape_binfmt_register = {
    .name = "binfmt-register",
    .class = "files of the kernel",
    .reason = "an interpreter that runs with the rights of whoever starts a program",
    .may_be_missing = true,
    .attempt = attempt,
};
