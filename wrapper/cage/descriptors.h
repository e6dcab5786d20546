#pragma once

/* Closes every descriptor from this one on. Fails (status.h) where they cannot be listed. */
void close_all_from(int first);
