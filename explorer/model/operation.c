/* SPDX-License-Identifier: BSD-2-Clause */

#include <stddef.h>

#include "operation.h"

static const char *const sizes[SIZES] = { "0", "1", "unit", "unit+1", "2units", "3units" };
static const char *const creates[WAYS_TO_CREATE] = { "none", "create", "exclusive" };
static const char *const opens[WAYS_TO_OPEN] = { "read-only", "read-write", "create", "exclusive", "truncate",
	"append" };
static const char *const on_exec[FATES_ON_EXEC] = { "kept", "closed" };
static const char *const bases[BASES] = { "start", "offset", "end" };
static const char *const sources[DESCRIPTORS + 1] = { "anonymous", "0", "1", "2" };
static const char *const sharings[WAYS_TO_SHARE] = { "shared", "private" };
static const char *const accesses[] = { "none", "read", "read-write" };
static const char *const spots[SPOTS] = { "first", "middle", "last" };

static const struct argument_form arguments[ARGUMENTS] = {
	[KEY] = { "key", KEYS, 0, NULL },
	[NAME] = { "name", NAMES, 0, NULL },
	[SIZE] = { "size", SIZES, 0, sizes },
	[CREATES] = { "flags", WAYS_TO_CREATE, 0, creates },
	[OPENS] = { "flags", WAYS_TO_OPEN, 0, opens },
	[ON_EXEC] = { "on-exec", FATES_ON_EXEC, 0, on_exec },
	[DESCRIPTOR] = { "descriptor", DESCRIPTORS, 0, NULL },
	[WHERE] = { "where", BASES, 0, bases },
	[AT] = { "at", PLACES, 0, NULL },
	[LONG] = { "units", UNITS, 1, NULL },
	[OF] = { "of", DESCRIPTORS + 1, 0, sources },
	[FROM] = { "from", UNITS, 0, NULL },
	[SHARING] = { "sharing", WAYS_TO_SHARE, 0, sharings },
	[ACCESS] = { "access", READ_WRITE + 1, 0, accesses },
	[SPOT] = { "spot", SPOTS, 0, spots },
	[VALUE] = { "value", VALUES - 1, 1, NULL },
	[PROCESS] = { "process", PROCESSES, 0, NULL },
};

static const struct operation_form operations[OPERATIONS] = {
	[SHMGET] = { "shmget", { KEY, SIZE, CREATES, ARGUMENTS } },
	[SHMAT] = { "shmat", { KEY, AT, ACCESS, ARGUMENTS } },
	[SHMDT] = { "shmdt", { AT, ARGUMENTS } },
	[IPC_STATUS] = { "ipc_stat", { KEY, ARGUMENTS } },
	[IPC_REMOVE] = { "ipc_rmid", { KEY, ARGUMENTS } },
	[FIND_SEGMENT] = { "find_segment", { KEY, ARGUMENTS } },
	[PEEK_SEGMENT] = { "peek_segment", { KEY, FROM, SPOT, ARGUMENTS } },
	[SHM_OPEN] = { "shm_open", { NAME, OPENS, ARGUMENTS } },
	[SHM_UNLINK] = { "shm_unlink", { NAME, ARGUMENTS } },
	[FIND_OBJECT] = { "find_object", { NAME, ARGUMENTS } },
	[PEEK_OBJECT] = { "peek_object", { NAME, FROM, SPOT, ARGUMENTS } },
	[OPEN] = { "open", { NAME, OPENS, ON_EXEC, ARGUMENTS } },
	[UNLINK] = { "unlink", { NAME, ARGUMENTS } },
	[FIND_FILE] = { "find_file", { NAME, ARGUMENTS } },
	[PEEK_FILE] = { "peek_file", { NAME, FROM, SPOT, ARGUMENTS } },
	[FTRUNCATE] = { "ftruncate", { DESCRIPTOR, SIZE, ARGUMENTS } },
	[FSTAT] = { "fstat", { DESCRIPTOR, ARGUMENTS } },
	[CLOSE] = { "close", { DESCRIPTOR, ARGUMENTS } },
	[DUP] = { "dup", { DESCRIPTOR, ARGUMENTS } },
	[GETFD] = { "getfd", { DESCRIPTOR, ARGUMENTS } },
	[SETFD] = { "setfd", { DESCRIPTOR, ON_EXEC, ARGUMENTS } },
	[LSEEK] = { "lseek", { DESCRIPTOR, WHERE, FROM, SPOT, ARGUMENTS } },
	[READ_NEXT] = { "read", { DESCRIPTOR, ARGUMENTS } },
	[WRITE_NEXT] = { "write", { DESCRIPTOR, VALUE, ARGUMENTS } },
	[PREAD] = { "pread", { DESCRIPTOR, FROM, SPOT, ARGUMENTS } },
	[PWRITE] = { "pwrite", { DESCRIPTOR, FROM, SPOT, VALUE, ARGUMENTS } },
	[MMAP] = { "mmap", { AT, LONG, OF, FROM, SHARING, ACCESS, ARGUMENTS } },
	[MUNMAP] = { "munmap", { AT, LONG, ARGUMENTS } },
	[MPROTECT] = { "mprotect", { AT, LONG, ACCESS, ARGUMENTS } },
	[MSYNC] = { "msync", { AT, LONG, ARGUMENTS } },
	[LOAD] = { "load", { AT, SPOT, ARGUMENTS } },
	[STORE] = { "store", { AT, SPOT, VALUE, ARGUMENTS } },
	[FORK] = { "fork", { PROCESS, ARGUMENTS } },
	[EXEC] = { "exec", { ARGUMENTS } },
	[EXIT] = { "exit", { ARGUMENTS } },
	[KILL] = { "kill", { PROCESS, ARGUMENTS } },
};

const struct argument_form *
argument_form(enum argument a)
{
	return &arguments[a];
}

const struct operation_form *
operation_form(enum operation_kind kind)
{
	return &operations[kind];
}

bool
operation_takes(enum operation_kind kind, enum argument which)
{
	for (const enum argument *a = operations[kind].takes; *a != ARGUMENTS; a++)
		if (*a == which)
			return true;
	return false;
}

uint32_t
size_in_bytes(const struct setting *s, enum size size)
{
	const uint32_t bytes[SIZES] = { 0, 1, s->unit, s->unit + 1, 2 * s->unit, 3 * s->unit };

	return bytes[size];
}

bool
operation_next(struct operation *o)
{
	if (++o->process < PROCESSES)
		return true;
	o->process = 0;
	for (const enum argument *a = operations[o->kind].takes; *a != ARGUMENTS; a++) {
		if (++o->arguments[*a] < arguments[*a].count)
			return true;
		o->arguments[*a] = 0;
	}
	return false;
}
