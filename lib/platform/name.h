/* SPDX-License-Identifier: BSD-2-Clause */

/* A number and its name in C, for tables of them. */

#ifndef SHMCHECK_PLATFORM_NAME_H
#define SHMCHECK_PLATFORM_NAME_H

struct name {
	int number;
	const char *name;
};

#define NAME(number) \
	{ \
		number, #number \
	}

#endif
