#include "join.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "status.h"

enum { PATH_BYTES_MAX = 64 };

struct namespace {
  const char *name;
  bool of_files, of_network;
};

/* The user namespace first: in it we may enter the others. The last is for children only (setns(2)). */
static const struct namespace NAMESPACES[] = {
    {"user", true, true}, {"net", false, true}, {"ipc", false, false}, {"uts", false, false}, {"mnt", true, false}, {"pid", false, false},
};
enum { NAMESPACE_COUNT = sizeof NAMESPACES / sizeof *NAMESPACES, USER = 0, NETWORK = 1 };

static int open_namespace(const char *pid, const char *name) {
  char path[PATH_BYTES_MAX];
  snprintf(path, sizeof path, "/proc/%s/ns/%s", pid, name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail("cage");
  return fd;
}

static ino_t inode_of(int fd) {
  struct stat status;
  if (fstat(fd, &status) != 0) fail("cage");
  return status.st_ino;
}

/* All are opened before the first is entered: /proc is another one afterwards. */
void join(const char *pid, const char *network, enum joined which) {
  int fds[NAMESPACE_COUNT];
  for (int index = 0; index < NAMESPACE_COUNT; index++) fds[index] = open_namespace(pid, NAMESPACES[index].name);
  char inode[PATH_BYTES_MAX];
  snprintf(inode, sizeof inode, "%llu", (unsigned long long)inode_of(fds[NETWORK]));
  if (strcmp(inode, network) != 0) {
    errno = ESRCH;
    fail("cage");
  }
  int own = open_namespace("self", NAMESPACES[USER].name);
  /* Through sudo the cage has our own, and nobody may enter what he is in. */
  bool same_user = inode_of(own) == inode_of(fds[USER]);
  close(own);
  for (int index = same_user ? USER + 1 : USER; index < NAMESPACE_COUNT; index++) {
    const struct namespace *each = &NAMESPACES[index];
    bool wanted = which == ALL_NAMESPACES || (which == FILE_NAMESPACES ? each->of_files : each->of_network);
    if (wanted && setns(fds[index], 0) != 0) fail("cage");
  }
  for (int index = 0; index < NAMESPACE_COUNT; index++) close(fds[index]);
}
