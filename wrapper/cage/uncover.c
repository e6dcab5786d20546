#include "uncover.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "status.h"

enum { PATH_BYTES_MAX = 64 };

int uncover(char **points) {
  for (; *points != NULL; points++) {
    if (umount2(*points, UMOUNT_NOFOLLOW | MNT_DETACH) != 0) fail("agent");
  }
  return 0;
}

/* A name for what is open, that mount(2) takes. */
static const char *name_of(int fd, char *name) {
  snprintf(name, PATH_BYTES_MAX, "/proc/self/fd/%d", fd);
  return name;
}

static void make_read_only(int fd) {
  char name[PATH_BYTES_MAX];
  struct statvfs flags;
  if (fstatvfs(fd, &flags) != 0) fail("read-only");
  unsigned long kept = flags.f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC);
  if (mount(NULL, name_of(fd, name), NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | kept, NULL) != 0) fail("read-only");
}

static void close_path(const char *path) {
  char name[PATH_BYTES_MAX];
  struct stat status;
  int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return;
    fail("read-only");
  }
  if (fstat(fd, &status) != 0) fail("read-only");
  if (S_ISREG(status.st_mode)) {
    if (mount(name_of(fd, name), name, NULL, MS_BIND, NULL) != 0) fail("read-only");
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
