#pragma once

/*
 * Becomes the command, as the file open at this descriptor says (settings.h): descriptor 0 is its input, 1 its output, 2
 * takes status lines until then, and nothing else is left open. Never returns but with 125, 126 or 127.
 */
int start(const char *settings_fd);

/* The same as far as the filter, and then not the command but the escape attempts (probe.h), with their baits. */
int probe_as_started(const char *settings_fd, const char *bait_fd);
