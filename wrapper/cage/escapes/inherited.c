#include "escape.h"

#include <fcntl.h>

/* A descriptor beyond this one would have to be put there on purpose, by ourselves. */
enum { DESCRIPTORS_LOOKED_AT = 4096 };

static int found = -1;

/* By trying each: a listing of /proc/self/fd needs /proc to be what it seems. */
void note_inherited(int bait_fd) {
  for (int fd = 3; fd < DESCRIPTORS_LOOKED_AT && found < 0; fd++) {
    if (fd != bait_fd && fcntl(fd, F_GETFD) >= 0) found = fd;
  }
}

int inherited_descriptor(void) {
  return found;
}
