#pragma once

enum { DESCRIPTOR_PATH_BYTES = 32 };

/* A path to what is open, in `path` of so many bytes, which is answered: for calls that take paths, and follow no link then. */
const char *path_of(int fd, char *path);

/* Closes every descriptor from this one on. Fails (status.h) where they cannot be listed. */
void close_all_from(int first);
