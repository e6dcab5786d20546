#include "aliases.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "status.h"

enum { PATH_BYTES_MAX = 64 };

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
    char link[PATH_BYTES_MAX], from[PATH_BYTES_MAX], to[PATH_BYTES_MAX];
    snprintf(link, sizeof link, "/run/duty-gate/aliases/%d", number);
    int source = open_as(link, S_IFLNK), point = open_as(points[number], S_IFREG);
    snprintf(from, sizeof from, "/proc/self/fd/%d", source);
    snprintf(to, sizeof to, "/proc/self/fd/%d", point);
    if (mount(from, to, NULL, MS_BIND, NULL) != 0) fail("aliases");
    close(source);
    close(point);
  }
  return 0;
}
