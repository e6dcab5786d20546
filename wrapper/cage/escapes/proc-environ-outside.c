#include "escape.h"

#include <fcntl.h>

static enum verdict attempt(const char *bait) {
  return open_in_process(bait, "environ", O_RDONLY);
}

const struct escape escape_proc_environ_outside = {
    .name = "proc-environ-outside",
    .class = "processes outside",
    .reason = "the environment of a process outside, tokens with it",
    .bait = "outside-process",
    .attempt = attempt,
};
