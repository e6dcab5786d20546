#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return reach_metadata("169.254.169.254 80");
}

const struct escape escape_metadata_v4 = {
    .name = "metadata-v4",
    .class = "metadata",
    .reason = "the machine's credentials, from its cloud's metadata address",
    .may_be_missing = true,
    .attempt = attempt,
};
