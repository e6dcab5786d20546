#include "escape.h"

static enum verdict attempt(const char *bait) {
  return exec_for_rights(bait);
}

const struct escape escape_file_capabilities = {
    .name = "file-capabilities",
    .class = "set-uid binaries",
    .reason = "a program whose file grants capabilities",
    .bait = "file-capabilities",
    .may_be_missing = true,
    .attempt = attempt,
};
