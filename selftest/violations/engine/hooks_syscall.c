/* SPDX-License-Identifier: BSD-2-Clause */

/* The system calls of Linux for segments that are made past the C library, by syscall(). All others pass through. */

#ifdef __linux__

#include <stdarg.h>

#include <sys/syscall.h>

#include "hook.h"
#include "platform/raw_segment.h"

enum { WORDS = 7 };

static long
make_get(const long *words, long key, long size, long flags)
{
	return MAKE(RAW_SHMGET, .words = words, .key = (key_t)key, .length = (size_t)size, .flags = (int)flags);
}

static long
make_attach(const long *words, long id, long address, long flags)
{
	return MAKE(RAW_SHMAT, .words = words, .id = (int)id, .address = (void *)address, .flags = (int)flags);
}

static long
make_detach(const long *words, long address)
{
	return MAKE(RAW_SHMDT, .words = words, .address = (void *)address);
}

static long
make_control(const long *words, long id, long command, long buffer)
{
	return MAKE(
	    RAW_SHMCTL, .words = words, .id = (int)id, .command = (int)command & ~VERSION_64, .buffer = (void *)buffer);
}

#ifdef SYS_ipc
static long
make_multiplexed(const long *words)
{
	switch (words[1] & 0xffff) {
	case SUBCALL_SHMGET:
		return make_get(words, words[2], words[3], words[4]);
	case SUBCALL_SHMAT: /* whose result is stored where the third argument says: not for rows about that */
		return make_attach(words, words[2], words[5], words[3]);
	case SUBCALL_SHMDT:
		return make_detach(words, words[5]);
	case SUBCALL_SHMCTL:
		return make_control(words, words[2], words[3], words[5]);
	default:
		return MAKE(OTHER_SYSCALL, .words = words);
	}
}
#endif

HOOK(long, syscall, long number, ...)
{
	long words[WORDS] = { number };
	va_list arguments;

	/* As the C library does: the call takes as many as it has. */
	va_start(arguments, number);
	for (int i = 1; i < WORDS; i++)
		words[i] = va_arg(arguments, long);
	va_end(arguments);
	switch (number) {
#ifdef SYS_shmget
	case SYS_shmget:
		return make_get(words, words[1], words[2], words[3]);
	case SYS_shmat:
		return make_attach(words, words[1], words[2], words[3]);
	case SYS_shmdt:
		return make_detach(words, words[1]);
	case SYS_shmctl:
		return make_control(words, words[1], words[2], words[3]);
#endif
#ifdef SYS_ipc
	case SYS_ipc:
		return make_multiplexed(words);
#endif
	default:
		return MAKE(OTHER_SYSCALL, .words = words);
	}
}

#endif
