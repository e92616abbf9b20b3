/* SPDX-License-Identifier: BSD-2-Clause */

/* Who sleeps on a word of shared memory. */

#ifdef __linux__

#include <sched.h>

#include <sys/mman.h>

#include "known.h"
#include "platform/futex.h"
#include "real.h"
#include "violation.h"

/* The words of syscall(): its number, the word, what to do, the value, ... */
static bool
is_futex(const struct call *c, long operation)
{
	return c->words[0] == NUMBER_OF_FUTEX && c->words[2] == operation;
}

/* A child sleeps on the word, or will soon. */
static volatile uint32_t *
word_of_sleeper(pid_t *child)
{
	volatile uint32_t *word = map_anonymous(page_size(), MAP_SHARED);

	*child = fork();
	if (*child == 0)
		_exit(futex_wait(word, 0) == 0 ? 0 : 1);
	return word;
}

/* Wake it when it sleeps. Returns what waitpid() tells of its end. */
static int
end_of(pid_t child, volatile uint32_t *word)
{
	int status;

	while (waitpid(child, &status, WNOHANG) == 0) {
		futex_wake(word);
		sched_yield();
	}
	return status;
}

VIOLATION(futex_wake_tells_one_too_many, "futex.found-by-alias", "-", OTHER_SYSCALL,
    FALSIFIES(is_futex(c, FUTEX_WAKE) && c->result == 0, c->result = 1))
{
	return futex_wake(map_anonymous(page_size(), MAP_SHARED)) == 1;
}

VIOLATION(futex_wake_tells_none, "futex.found-by-alias", "-", OTHER_SYSCALL,
    FALSIFIES(is_futex(c, FUTEX_WAKE) && c->result == 1, c->result = 0))
{
	pid_t child;
	volatile uint32_t *word = word_of_sleeper(&child);

	while (waitpid(child, NULL, WNOHANG) == 0)
		if (futex_wake(word) == 1)
			return false;
	return true;
}

static void
move_back(const struct call *c)
{
	const long words[] = { c->words[0], c->words[5], FUTEX_CMP_REQUEUE, 0, 1, c->words[1], c->words[6] };

	real_make((struct call){ .interface = OTHER_SYSCALL, .words = words });
}

VIOLATION(futex_move_leaves_sleeper, "futex.found-by-alias", "-", OTHER_SYSCALL,
    FALSIFIES(is_futex(c, FUTEX_CMP_REQUEUE) && c->result == 1, move_back(c)))
{
	pid_t child;
	volatile uint32_t *word = word_of_sleeper(&child);

	while (futex_move(word, &word[1], 0) == 0)
		sched_yield();
	bool is_left = futex_wake(word) == 1;

	futex_wake(&word[1]);
	return end_of(child, word) == 0 && is_left;
}

/* The word has the value, so that the call would sleep. */
static bool
would_sleep(const struct call *c)
{
	const struct known_range *range = known_range_at((const void *)c->words[1]);

	return is_futex(c, FUTEX_WAIT) && range != NULL && (range->protection & PROT_READ) != 0 &&
	    *(const uint32_t *)c->words[1] == (uint32_t)c->words[3];
}

VIOLATION(futex_wait_fails_at_once, "futex.found-by-alias", "-", OTHER_SYSCALL, REFUSES(would_sleep(c), EAGAIN))
{
	pid_t child;
	volatile uint32_t *word = word_of_sleeper(&child);

	return end_of(child, word) != 0;
}

VIOLATION(futex_wait_for_other_value_einval, "futex.wait-on-read-only", "-", OTHER_SYSCALL,
    MISTAKES(is_futex(c, FUTEX_WAIT), EAGAIN, EINVAL))
{
	return futex_wait(map_anonymous(page_size(), MAP_SHARED), 1) == -1 && errno == EINVAL;
}

#endif
