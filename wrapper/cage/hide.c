#include "hide.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"
#include "status.h"

/* Of the cage's own folder, which nothing inside can change (wrapper/base-mounts.ts). */
static const char EMPTY[] = "/run/duty-gate/empty";

/* What is gone, or is no socket any more, is nothing that a connect could reach. */
static void hide_socket(const char *path) {
  int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return;
  struct stat status;
  if (fstat(fd, &status) != 0) fail("hide");
  if (S_ISSOCK(status.st_mode)) {
    char found[DESCRIPTOR_PATH_BYTES];
    if (mount(EMPTY, path_of(fd, found), NULL, MS_BIND, NULL) != 0 && errno != ENOENT) fail("hide");
  }
  close(fd);
}

void hide_sockets(char **paths) {
  for (; *paths != NULL; paths++) hide_socket(*paths);
}
