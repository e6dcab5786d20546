#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return reach_metadata("fd00:ec2::254 80");
}

const struct escape escape_metadata_v6 = {
    .name = "metadata-v6",
    .class = "metadata",
    .reason = "the machine's credentials, from its cloud's IPv6 metadata address",
    .may_be_missing = true,
    .attempt = attempt,
};
