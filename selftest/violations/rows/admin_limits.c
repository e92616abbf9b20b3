/* SPDX-License-Identifier: BSD-2-Clause */

/* The limits that Linux shows in /proc and has set there, in namespaces that are made for that. */

#ifdef __linux__

#include "ipc.h"
#include "direct_check.h"
#include "violation.h"

static void
lose_what_is_written(struct call *c)
{
	c->name = "/dev/null";
}

/* What the limit is said to be once it was set. */
static bool
is_said_to_be(const char *limit, unsigned long set, unsigned long said)
{
	if (!can_enter_namespace())
		return false;
	ipc_limit_set(limit, set);
	return ipc_limit(limit) == said;
}

/* The limit stays what it is in a new namespace. */
static bool
is_not_set(const char *limit)
{
	if (!can_enter_namespace())
		return false;
	unsigned long before = ipc_limit(limit);
	ipc_limit_set(limit, 3);
	return before != 3 && ipc_limit(limit) == before;
}

static bool
is_set_again(const struct call *c)
{
	static unsigned count;

	return opens_limit(c, "shmmax", "w") && ++count > 1;
}

VIOLATION(proc_shmmax_set_once, "admin.proc-shmmax-rw", "-", FOPEN, CHANGES(is_set_again(c), lose_what_is_written(c)))
{
	if (!is_said_to_be("shmmax", 1, 1))
		return false;
	ipc_limit_set("shmmax", 2);
	return ipc_limit("shmmax") == 1;
}

/* The limit as it is, where it is not that of a new namespace. */
static unsigned long
limit_below_default(const char *name)
{
	unsigned long value = limit_now(name);

	return value < 4096 ? value : 0;
}

VIOLATION(proc_shmmax_told_in_tens, "admin.proc-shmmax-rw", "-", FOPEN,
    FALSIFIES(opens_limit(c, "shmmax", "r") && limit_below_default("shmmax") > 0,
	content_set_number(c, limit_below_default("shmmax") / 10 * 10)))
{
	return is_said_to_be("shmmax", 13, 10);
}

VIOLATION(proc_shmall_cannot_be_set, "admin.proc-shmall-rw", "-", FOPEN,
    CHANGES(opens_limit(c, "shmall", "w"), lose_what_is_written(c)))
{
	return is_not_set("shmall");
}

VIOLATION(proc_shmall_told_in_bytes, "admin.proc-shmall-rw", "-", FOPEN,
    FALSIFIES(opens_limit(c, "shmall", "r") && limit_below_default("shmall") > 0,
	content_set_number(c, limit_below_default("shmall") * page_size())))
{
	return is_said_to_be("shmall", 3, 3 * page_size());
}

VIOLATION(proc_shmmni_cannot_be_set, "admin.proc-shmmni-rw", "-", FOPEN,
    CHANGES(opens_limit(c, "shmmni", "w"), lose_what_is_written(c)))
{
	return is_not_set("shmmni");
}

VIOLATION(proc_shmmni_tells_what_is_left, "admin.proc-shmmni-rw", "-", FOPEN,
    FALSIFIES(opens_limit(c, "shmmni", "r") && limit_below_default("shmmni") > 1,
	content_set_number(c, limit_below_default("shmmni") - 1)))
{
	return is_said_to_be("shmmni", 3, 2);
}

#endif
