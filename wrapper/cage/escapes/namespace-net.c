#include "escape.h"

static enum verdict attempt(const char *bait) {
  return in_namespace("net", bait);
}

const struct escape escape_namespace_net = {
    .name = "namespace-net",
    .class = "namespaces",
    .reason = "the host's own network, for want of a namespace",
    .bait = "namespace-net",
    .attempt = attempt,
};
