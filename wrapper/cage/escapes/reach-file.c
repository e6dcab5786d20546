#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where "DEVICE INODE PATH" leads in here; NULL when it is another file, or none, and `*verdict` then says so. */
static const char *same_place(const char *place, enum verdict *verdict) {
  char *end;
  unsigned long long device = strtoull(place, &end, 10);
  unsigned long long inode = strtoull(end, &end, 10);
  const char *path = end + 1;
  struct stat seen;
  if (*end != ' ') *verdict = held_by("place", EINVAL);
  else if (stat(path, &seen) < 0) *verdict = held_by("stat", errno);
  else if (seen.st_dev != device || seen.st_ino != inode) *verdict = held("another file has its place");
  else return path;
  return NULL;
}

enum verdict reach_to_write(const char *place) {
  enum verdict verdict = HELD;
  const char *path = same_place(place, &verdict);
  return path == NULL ? verdict : open_to_write(path);
}

enum verdict reach_folder_to_write(const char *place) {
  enum verdict verdict = HELD;
  const char *path = same_place(place, &verdict);
  return path == NULL ? verdict : of_call("access", faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS));
}

/* Opened and left alone: nothing is created, cut or written. */
enum verdict open_to_write(const char *path) {
  return of_call("open", open(path, O_WRONLY | O_APPEND | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
}

enum verdict open_device(const char *path) {
  struct stat seen;
  if (stat(path, &seen) < 0) return held_by("stat", errno);
  if (!S_ISCHR(seen.st_mode) && !S_ISBLK(seen.st_mode)) return held("it is no device");
  return of_call("open", open(path, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
}
