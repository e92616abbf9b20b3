/* SPDX-License-Identifier: BSD-2-Clause */

#include <stdlib.h>

#include "platform/resource_control.h"

#ifdef __sun

#include <rctl.h>

bool
resource_control(const char *name, unsigned long long *value)
{
	rctlblk_t *block = malloc(rctlblk_size());
	bool is_known = block != NULL && getrctl(name, NULL, block, RCTL_FIRST) == 0;

	if (is_known)
		*value = rctlblk_get_value(block);
	free(block);
	return is_known;
}

#else

bool
resource_control(const char *name, unsigned long long *value)
{
	(void)name;
	(void)value;
	return false;
}

#endif
