#include "escape.h"

#include <fcntl.h>

static enum verdict attempt(const char *bait) {
  return open_in_process(bait, "cwd/", O_PATH | O_DIRECTORY);
}

const struct escape escape_proc_cwd_outside = {
    .name = "proc-cwd-outside",
    .class = "processes outside",
    .reason = "the folder that a process outside works in, past every mount",
    .bait = "outside-process",
    .attempt = attempt,
};
