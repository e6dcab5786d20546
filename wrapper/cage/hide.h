#pragma once

/* Covers each socket among these paths (null-terminated) with an empty file, with the rights that we still have. */
void hide_sockets(char **paths);
