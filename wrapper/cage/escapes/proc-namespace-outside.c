#include "escape.h"

#include <fcntl.h>

/* A namespace that can be opened can be handed to who may enter it, and kept alive. */
static enum verdict attempt(const char *bait) {
  return open_in_process(bait, "ns/net", O_RDONLY);
}

const struct escape escape_proc_namespace_outside = {
    .name = "proc-namespace-outside",
    .class = "nsenter and setns",
    .reason = "entering the namespaces of a process outside, as nsenter does",
    .bait = "outside-process",
    .attempt = attempt,
};
