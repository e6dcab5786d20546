#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_device("/dev/net/tun");
}

const struct escape escape_dev_tun = {
    .name = "dev-tun",
    .class = "devices",
    .reason = "a network of one's own",
    .may_be_missing = true,
    .attempt = attempt,
};
