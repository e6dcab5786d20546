#pragma once

/* Takes away what lies on each of these paths (null-terminated): in a mount namespace of our own. Fails (status.h). */
int uncover(char **points);

/*
 * Has nobody write by these paths any more: of a folder, or of whatever is mounted there, what is mounted; of a file, itself.
 * What is not there, or is a link, is left. Fails (status.h).
 */
int close_for_writing(char **paths);
