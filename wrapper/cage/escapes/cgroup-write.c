#include "escape.h"

static enum verdict attempt(const char *bait) {
  return open_to_write(bait);
}

const struct escape escape_cgroup_write = {
    .name = "cgroup-write",
    .class = "files of the kernel",
    .reason = "control groups: limits of others, and a program that the kernel starts as root",
    .bait = "cgroup-write",
    .attempt = attempt,
};
