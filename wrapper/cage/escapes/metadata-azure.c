#include "escape.h"

static enum verdict attempt(const char *bait) {
  (void)bait;
  return reach_metadata("168.63.129.16 80");
}

const struct escape escape_metadata_azure = {
    .name = "metadata-azure",
    .class = "metadata",
    .reason = "the machine's set-up secrets, from the wire server of Azure, where hosted runners live",
    .may_be_missing = true,
    .attempt = attempt,
};
