#include "escape.h"

static enum verdict attempt(const char *bait) {
  return in_namespace("pid", bait);
}

const struct escape escape_namespace_pid = {
    .name = "namespace-pid",
    .class = "namespaces",
    .reason = "the host's own processes, for want of a namespace",
    .bait = "namespace-pid",
    .attempt = attempt,
};
