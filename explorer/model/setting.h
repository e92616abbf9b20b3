/* SPDX-License-Identifier: BSD-2-Clause */

/* What the fields of struct setting are called and mean: how systems differ, and who says so. */

#ifndef SHMCHECK_SETTING_H
#define SHMCHECK_SETTING_H

#include <stddef.h>

#include "world.h"

enum setting_kind { FLAG, NUMBER, ERROR, SIGNAL };

struct setting_form {
	const char *name;
	size_t offset; /* in struct setting */
	enum setting_kind kind;
	const char *sentence; /* what holds where it is set */
	const char *source;
};

/* Number I; or null behind the last. */
const struct setting_form *setting_form(unsigned i);
const struct setting_form *setting_find(const char *name);

/* The value: 0 or 1, a number, an error, or a signal. */
uint32_t setting_value(const struct setting *, const struct setting_form *);
void setting_set(struct setting *, const struct setting_form *, uint32_t value);

#endif
