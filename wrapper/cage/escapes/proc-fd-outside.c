#include "escape.h"

#include <fcntl.h>
#include <stdio.h>

enum { DESCRIPTORS_TRIED = 3 };

static enum verdict attempt(const char *bait) {
  char name[32];
  for (int fd = 0; fd < DESCRIPTORS_TRIED; fd++) {
    snprintf(name, sizeof name, "fd/%d", fd);
    if (open_in_process(bait, name, O_PATH) == OPEN) return OPEN;
  }
  return open_in_process(bait, "fd", O_RDONLY | O_DIRECTORY);
}

const struct escape escape_proc_fd_outside = {
    .name = "proc-fd-outside",
    .class = "processes outside",
    .reason = "files and pipes that a process outside has open",
    .bait = "outside-process",
    .attempt = attempt,
};
