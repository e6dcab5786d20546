#include "descriptors.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "status.h"

void close_all_from(int first) {
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL) fail("descriptors");
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    int fd = atoi(entry->d_name);
    if (fd >= first && fd != dirfd(folder)) close(fd);
  }
  closedir(folder);
}
