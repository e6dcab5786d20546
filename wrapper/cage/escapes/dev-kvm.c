#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_device("/dev/kvm");
}

const struct escape escape_dev_kvm = {
    .name = "dev-kvm",
    .class = "devices",
    .reason = "virtual machines, a large part of the kernel",
    .may_be_missing = true,
    .attempt = attempt,
};
