#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return open_device("/dev/fuse");
}

const struct escape escape_dev_fuse = {
    .name = "dev-fuse",
    .class = "devices",
    .reason = "file systems of one's own",
    .may_be_missing = true,
    .attempt = attempt,
};
