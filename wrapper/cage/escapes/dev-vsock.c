#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_device("/dev/vsock");
}

const struct escape escape_dev_vsock = {
    .name = "dev-vsock",
    .class = "devices",
    .reason = "the hypervisor",
    .may_be_missing = true,
    .attempt = attempt,
};
