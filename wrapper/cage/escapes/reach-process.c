#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of proc_pid_stat(5), counted after the name: the name itself may hold anything. */
enum { FIELDS_FROM_NAME_TO_START = 20 };

pid_t process_pid(const char *process) {
  return (pid_t)atoi(process);
}

/*
 * Whether another process than that one has its number in here, or had when it was asked for: one that started at another
 * moment, or has ended since. The one outside has not, and whoever can reach it can look at it.
 */
static bool is_another(const char *process) {
  char path[32];
  char stat[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", process_pid(process));
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT || errno == ESRCH;
  errno = 0;
  ssize_t got = read(fd, stat, sizeof stat - 1);
  close(fd);
  if (got <= 0) return errno == ESRCH;
  stat[got] = '\0';
  const char *field = strrchr(stat, ')');
  for (int skipped = 0; field != NULL && skipped < FIELDS_FROM_NAME_TO_START; skipped++) field = strchr(field + 1, ' ');
  const char *start = strchr(process, ' ');
  if (field == NULL || start == NULL) return false;
  return strtoull(field, NULL, 10) != strtoull(start, NULL, 10);
}

enum verdict of_process_call(const char *process, const char *call, long result) {
  if (result < 0) return held_by(call, errno);
  return is_another(process) ? held("another process has its number") : opened(call);
}

enum verdict open_in_process(const char *process, const char *name, int flags) {
  char path[PATH_MAX];
  snprintf(path, sizeof path, "/proc/%d/%s", process_pid(process), name);
  return of_process_call(process, "open", open(path, flags | O_CLOEXEC));
}

enum verdict in_namespace(const char *name, const char *inode) {
  char path[32];
  struct stat own;
  snprintf(path, sizeof path, "/proc/self/ns/%s", name);
  if (stat(path, &own) < 0) return held_by("stat", errno);
  return own.st_ino == strtoull(inode, NULL, 10) ? opened("it is the host's") : held("it is another one");
}
