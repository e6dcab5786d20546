#include "aliases.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"
#include "status.h"

enum { LINK_PATH_BYTES = 64 };

/* Names what is there, and follows no link. */
static int open_as(const char *path, mode_t type) {
  struct stat status;
  int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &status) != 0) fail("aliases");
  if ((status.st_mode & S_IFMT) != type) {
    errno = EINVAL;
    fail("aliases");
  }
  return fd;
}

int place_aliases(char **points) {
  for (int number = 0; points[number] != NULL; number++) {
    char link[LINK_PATH_BYTES], from[DESCRIPTOR_PATH_BYTES], to[DESCRIPTOR_PATH_BYTES];
    snprintf(link, sizeof link, "/run/duty-gate/aliases/%d", number);
    int source = open_as(link, S_IFLNK), point = open_as(points[number], S_IFREG);
    if (mount(path_of(source, from), path_of(point, to), NULL, MS_BIND, NULL) != 0) fail("aliases");
    close(source);
    close(point);
  }
  return 0;
}
