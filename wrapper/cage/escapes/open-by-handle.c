#include "escape.h"

#include <errno.h>
#include <fcntl.h>

static enum verdict attempt(const char *bait) {
  (void)bait;
  _Alignas(struct file_handle) unsigned char space[sizeof(struct file_handle) + MAX_HANDLE_SZ];
  struct file_handle *handle = (struct file_handle *)space;
  handle->handle_bytes = MAX_HANDLE_SZ;
  int mount_id;
  if (name_to_handle_at(AT_FDCWD, "/usr", handle, &mount_id, 0) < 0) return held_by("name_to_handle_at", errno);
  int folder = open("/usr", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return held_by("open", errno);
  return of_call("open_by_handle_at", open_by_handle_at(folder, handle, O_PATH));
}

const struct escape escape_open_by_handle = {
    .name = "open-by-handle",
    .class = "kernel calls",
    .reason = "files by their number, past every folder and mount",
    .may_be_missing = true,
    .attempt = attempt,
};
