#pragma once

/*
 * Has each overlay forget the names that it has found missing: the kernel remembers those, and would go on to show nothing
 * where a step outside has written since. Best effort: what fails shows what it showed before.
 */
void refresh_layers(void);
