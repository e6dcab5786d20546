#include "escape.h"

#include <fcntl.h>

static enum verdict attempt(const char *bait) {
  return open_in_process(bait, "mem", O_RDONLY);
}

const struct escape escape_proc_mem_outside = {
    .name = "proc-mem-outside",
    .class = "processes outside",
    .reason = "memory of a process outside, tokens and keys with it",
    .bait = "outside-process",
    .attempt = attempt,
};
