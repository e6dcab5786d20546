#include "escape.h"

static enum verdict attempt(const char *bait) {
  return in_namespace("uts", bait);
}

const struct escape escape_namespace_uts = {
    .name = "namespace-uts",
    .class = "namespaces",
    .reason = "the host's own host name, for want of a namespace",
    .bait = "namespace-uts",
    .attempt = attempt,
};
