/* SPDX-License-Identifier: BSD-2-Clause */

/* Code in mappings, and what a refused execution tells. */

#include <signal.h>

#include "mmap.h"

/* Whether a child can call the function there. */
static bool
can_be_called(char *function)
{
	int status = 1;
	pid_t child = fork();

	if (child == 0) {
		signal(SIGSEGV, SIG_DFL);
		((void (*)(void))(uintptr_t)function)();
		_exit(0);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

VIOLATION(
    mmap_drops_execution, "mmap_code.runs", "-", MMAP, CHANGES(c->protection &PROT_EXEC, c->protection &= ~PROT_EXEC))
{
	char *p = mmap(NULL, page_size(), READ_WRITE | PROT_EXEC, PRIVATE_ANONYMOUS, -1, 0);

	return store_function(p) && !can_be_called(p);
}

VIOLATION(mmap_execution_is_invalid, "mmap_protection.table", "-", MMAP, REFUSES(c->protection &PROT_EXEC, EINVAL))
{
	return mmap(NULL, page_size(), PROT_READ | PROT_EXEC, PRIVATE_ANONYMOUS, -1, 0) == MAP_FAILED &&
	    errno == EINVAL;
}

static bool
asks_execution_alone(const struct call *c)
{
	return asks_shared_file(c) && (c->protection & PROT_EXEC) != 0 && (c->protection & PROT_WRITE) == 0 &&
	    access_mode(c->fd) == O_RDWR;
}

VIOLATION(mmap_executable_is_writable, "mmap_code.runs", "-", MMAP,
    CHANGES(asks_execution_alone(c), c->protection |= PROT_WRITE))
{
	char *p = mmap(NULL, page_size(), PROT_EXEC, MAP_SHARED, nameless_file(1), 0);

	return fault_of_store(p, 's').signal == 0;
}

static void
jump(void *function)
{
	((void (*)(void))(uintptr_t)function)();
}

/* A fault in memory that may be loaded, but not executed. */
static bool
is_in_readable_memory(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return c->id == SIGSEGV && c->flags == SEGV_ACCERR && range != NULL && range->id == -1 &&
	    (range->protection & PROT_READ) != 0 && (range->protection & PROT_EXEC) == 0;
}

static struct fault
refused_execution(char **p)
{
	*p = map_anonymous(page_size(), MAP_PRIVATE);
	store_function(*p);
	return fault_of_body(jump, *p);
}

VIOLATION(fault_in_readable_memory_sigbus, "mmap_code.without-permission", "B085", FAULT,
    FALSIFIES(is_in_readable_memory(c), c->id = SIGBUS))
{
	char *p = NULL;

	return refused_execution(&p).signal == SIGBUS;
}

VIOLATION(fault_in_readable_memory_has_no_address, "mmap_code.without-permission", "-", FAULT,
    FALSIFIES(is_in_readable_memory(c), c->address = NULL))
{
	char *p = NULL;

	return refused_execution(&p).address == NULL;
}
