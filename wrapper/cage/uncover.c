#include "uncover.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "descriptors.h"
#include "status.h"

int uncover(char **points) {
  for (; *points != NULL; points++) {
    if (umount2(*points, UMOUNT_NOFOLLOW | MNT_DETACH) != 0) fail("agent");
  }
  return 0;
}

static void make_read_only(int fd) {
  char name[DESCRIPTOR_PATH_BYTES];
  struct statvfs flags;
  if (fstatvfs(fd, &flags) != 0) fail("read-only");
  unsigned long kept = flags.f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC);
  if (mount(NULL, path_of(fd, name), NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | kept, NULL) != 0) fail("read-only");
}

static void close_path(const char *path) {
  char name[DESCRIPTOR_PATH_BYTES];
  struct stat status;
  int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return;
    fail("read-only");
  }
  if (fstat(fd, &status) != 0) fail("read-only");
  if (S_ISREG(status.st_mode)) {
    path_of(fd, name);
    if (mount(name, name, NULL, MS_BIND, NULL) != 0) fail("read-only");
    close(fd);
    /* What lies there now. */
    if ((fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC)) < 0) fail("read-only");
  }
  if (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) make_read_only(fd);
  close(fd);
}

int close_for_writing(char **paths) {
  for (; *paths != NULL; paths++) close_path(*paths);
  return 0;
}
