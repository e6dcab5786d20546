#include "escape.h"

#include <fcntl.h>

static enum verdict attempt(const char *bait) {
  return open_in_process(bait, "root/", O_PATH | O_DIRECTORY);
}

const struct escape escape_proc_root_outside = {
    .name = "proc-root-outside",
    .class = "processes outside",
    .reason = "the host's whole file system, by the root folder of a process outside",
    .bait = "outside-process",
    .attempt = attempt,
};
