#include "descriptors.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "status.h"

const char *path_of(int fd, char *path) {
  snprintf(path, DESCRIPTOR_PATH_BYTES, "/proc/self/fd/%d", fd);
  return path;
}

void close_all_from(int first) {
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL) fail("descriptors");
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    int fd = atoi(entry->d_name);
    if (fd >= first && fd != dirfd(folder)) close(fd);
  }
  closedir(folder);
}
