#pragma once

/*
 * Has each file of these paths (null-terminated) seen as the link that lies, by its number, in /run/duty-gate/aliases: a link is followed by
 * whoever replaces a file by renaming, so that a file which cannot be replaced itself can be a file in a folder that is theirs.
 * Fails (status.h).
 */
int place_aliases(char **points);
