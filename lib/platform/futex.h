/* SPDX-License-Identifier: BSD-2-Clause */

/* futex() of Linux for words that processes share, and stand-ins that fail with ENOSYS where a system lacks it. */

#ifndef SHMCHECK_PLATFORM_FUTEX_H
#define SHMCHECK_PLATFORM_FUTEX_H

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#if defined(SYS_futex)
#define NUMBER_OF_FUTEX SYS_futex
#elif defined(SYS_futex_time64) /* machines of 32 bits that have no other time */
#define NUMBER_OF_FUTEX SYS_futex_time64
#endif
#endif

#ifdef NUMBER_OF_FUTEX
#define CALL_FUTEX(word, operation, value, value2, word2, value3) \
	syscall(NUMBER_OF_FUTEX, word, operation, value, value2, word2, value3)
#else
#define CALL_FUTEX(...)   (errno = ENOSYS, -1L)
#define FUTEX_WAIT        0
#define FUTEX_WAKE        1
#define FUTEX_CMP_REQUEUE 4
#endif

/* Sleep while the word has this value, until woken. Returns 0, or -1 with errno: EAGAIN if it has another value. */
static inline int
futex_wait(const volatile uint32_t *word, uint32_t value)
{
	(void)word;
	(void)value;
	return (int)CALL_FUTEX(word, FUTEX_WAIT, value, NULL, NULL, 0);
}

/* Wake one process at most that sleeps on the word. Returns how many it has woken. */
static inline int
futex_wake(volatile uint32_t *word)
{
	(void)word;
	return (int)CALL_FUTEX(word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* Have one process at most that sleeps on the word, which has this value, sleep on the other. Returns how many it has moved. */
static inline int
futex_move(volatile uint32_t *word, volatile uint32_t *other, uint32_t value)
{
	(void)word;
	(void)other;
	(void)value;
	return (int)CALL_FUTEX(word, FUTEX_CMP_REQUEUE, 0, (void *)1, other, value);
}

#endif
