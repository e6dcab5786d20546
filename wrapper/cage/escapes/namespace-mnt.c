#include "escape.h"

static enum verdict attempt(const char *bait) {
  return in_namespace("mnt", bait);
}

const struct escape escape_namespace_mnt = {
    .name = "namespace-mnt",
    .class = "namespaces",
    .reason = "the host's own mounts, for want of a namespace",
    .bait = "namespace-mnt",
    .attempt = attempt,
};
