#include "escape.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static enum verdict attempt(const char *bait) {
  int fd = open(bait, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return held_by("open", errno);
  const char *cookie = bait_value("cookie", 0);
  char content[256];
  ssize_t got = read(fd, content, sizeof content);
  bool is_ours = got > 0 && cookie != NULL && (size_t)got >= strlen(cookie) && memcmp(content, cookie, strlen(cookie)) == 0;
  return is_ours ? opened("the cookie was read") : held("another file has its place");
}

const struct escape escape_hidden_file_read = {
    .name = "hidden-file-read",
    .class = "files",
    .reason = "the session's key and settings",
    .bait = "hidden-file-read",
    .attempt = attempt,
};
