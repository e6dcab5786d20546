#include "escape.h"

static enum verdict attempt(const char *bait) {
  return in_namespace("ipc", bait);
}

const struct escape escape_namespace_ipc = {
    .name = "namespace-ipc",
    .class = "namespaces",
    .reason = "the host's own shared memory and message queues, for want of a namespace",
    .bait = "namespace-ipc",
    .attempt = attempt,
};
