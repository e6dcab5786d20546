#pragma once

#include "settings.h"

/*
 * From here on the process has the ids it is to have and no right besides: no capability in any set, none to be had by
 * exec (no_new_privs), no supplementary group where groups can be dropped. Fails (status.h) where that is not so.
 */
void drop_rights(const struct settings *settings);
