/* SPDX-License-Identifier: BSD-2-Clause */

#include <stddef.h>

#include "operation.h"

static const char *const sizes[SIZES] = { "0", "1", "unit", "unit+1", "2units", "3units" };
static const char *const creates[WAYS_TO_CREATE] = { "none", "create", "exclusive", "private" };
static const char *const opens[WAYS_TO_OPEN] = { "read-only", "read-write", "create", "exclusive", "truncate",
	"append" };
static const char *const on_exec[FATES_ON_EXEC] = { "kept", "closed" };
static const char *const modes[MODES] = { "0600", "0400", "0000", "0644", "0666", "0755" };
static const char *const owners[NEW_OWNERS] = { "same", "first", "other" };
static const char *const bases[BASES] = { "start", "offset", "end" };
static const char *const sources[DESCRIPTORS + 1] = { "anonymous", "0", "1", "2" };
static const char *const sharings[WAYS_TO_SHARE] = { "shared", "private" };
static const char *const accesses[] = { "none", "read", "read-write" };
static const char *const spots[SPOTS] = { "first", "middle", "last" };

static const char *const syncs[WAYS_TO_SYNC] = { "sync", "invalidate", "async" };
static const char *const addresses[ADDRESSES] = { "place", "any", "hint", "neighbour", "round", "unaligned", "replace",
	"replace-any" };

static const char *const advices[ADVICES] = { "dontneed", "dontfork", "dofork", "wipeonfork", "keeponfork" };

static const struct argument_form arguments[ARGUMENTS] = {
	[KEY] = { .name = "key", .count = KEYS },
	[NAME] = { .name = "name", .count = NAMES },
	[SIZE] = { .name = "size", .count = SIZES, .words = sizes },
	[CREATES] = { .name = "flags", .count = WAYS_TO_CREATE, .words = creates },
	[OPENS] = { .name = "flags", .count = WAYS_TO_OPEN, .words = opens },
	[ON_EXEC] = { .name = "on-exec", .count = FATES_ON_EXEC, .words = on_exec, .is_optional = true },
	[MODE] = { .name = "mode", .count = MODES, .words = modes, .is_optional = true },
	[GIVE_TO] = { .name = "owner", .count = NEW_OWNERS, .words = owners, .is_optional = true },
	[DESCRIPTOR] = { .name = "descriptor", .count = DESCRIPTORS },
	[WHERE] = { .name = "where", .count = BASES, .words = bases },
	[AT] = { .name = "at", .count = PLACES },
	[LONG] = { .name = "units", .count = UNITS, .first = 1 },
	[OF] = { .name = "of", .count = DESCRIPTORS + 1, .words = sources },
	[FROM] = { .name = "from", .count = UNITS },
	[SHARING] = { .name = "sharing", .count = WAYS_TO_SHARE, .words = sharings },
	[ACCESS] = { .name = "access", .count = READ_WRITE + 1, .words = accesses },
	[SPOT] = { .name = "spot", .count = SPOTS, .words = spots },
	[VALUE] = { .name = "value", .count = VALUES - 1, .first = 1 },
	[PROCESS] = { .name = "process", .count = PROCESSES },
	[SYNC] = { .name = "flags", .count = WAYS_TO_SYNC, .words = syncs, .is_optional = true },
	[ADVICE] = { .name = "advice", .count = ADVICES, .words = advices },
	[SIGNALS] = { .name = "signals", .count = 2, .is_optional = true },
	[ADDRESS] = { .name = "address", .count = ADDRESSES, .words = addresses, .is_optional = true },
};

static const struct operation_form operations[OPERATIONS] = {
	[SHMGET] = { "shmget", { KEY, SIZE, CREATES, MODE, SIGNALS, ARGUMENTS } },
	[SHMAT] = { "shmat", { KEY, AT, ACCESS, ADDRESS, SIGNALS, ARGUMENTS } },
	[SHMDT] = { "shmdt", { AT, ARGUMENTS } },
	[IPC_STATUS] = { "ipc_stat", { KEY, ARGUMENTS } },
	[IPC_REMOVE] = { "ipc_rmid", { KEY, ARGUMENTS } },
	[FIND_SEGMENT] = { "find_segment", { KEY, ARGUMENTS } },
	[PEEK_SEGMENT] = { "peek_segment", { KEY, FROM, SPOT, ARGUMENTS } },
	[SHM_OPEN] = { "shm_open", { NAME, OPENS, MODE, SIGNALS, ARGUMENTS } },
	[SHM_UNLINK] = { "shm_unlink", { NAME, ARGUMENTS } },
	[FIND_OBJECT] = { "find_object", { NAME, ARGUMENTS } },
	[PEEK_OBJECT] = { "peek_object", { NAME, FROM, SPOT, ARGUMENTS } },
	[OPEN] = { "open", { NAME, OPENS, ON_EXEC, MODE, SIGNALS, ARGUMENTS } },
	[MEMFD_CREATE] = { "memfd_create", { ON_EXEC, ARGUMENTS } },
	[UNLINK] = { "unlink", { NAME, ARGUMENTS } },
	[FIND_FILE] = { "find_file", { NAME, ARGUMENTS } },
	[PEEK_FILE] = { "peek_file", { NAME, FROM, SPOT, ARGUMENTS } },
	[FTRUNCATE] = { "ftruncate", { DESCRIPTOR, SIZE, SIGNALS, ARGUMENTS } },
	[FSTAT] = { "fstat", { DESCRIPTOR, ARGUMENTS } },
	[CLOSE] = { "close", { DESCRIPTOR, ARGUMENTS } },
	[IPC_SET_MODE] = { "ipc_set", { KEY, MODE, GIVE_TO, ARGUMENTS } },
	[IPC_MODE] = { "ipc_mode", { KEY, ARGUMENTS } },
	[IPC_USERS] = { "ipc_users", { KEY, ARGUMENTS } },
	[IPC_TIMES] = { "ipc_times", { KEY, ARGUMENTS } },
	[FSTAT_TIMES] = { "fstat_times", { DESCRIPTOR, ARGUMENTS } },
	[FSTAT_MODE] = { "fstat_mode", { DESCRIPTOR, ARGUMENTS } },
	[FCHMOD] = { "fchmod", { DESCRIPTOR, MODE, ARGUMENTS } },
	[BECOME_OTHER] = { "become_other", { ARGUMENTS } },
	[DUP] = { "dup", { DESCRIPTOR, ARGUMENTS } },
	[GETFD] = { "getfd", { DESCRIPTOR, ARGUMENTS } },
	[SETFD] = { "setfd", { DESCRIPTOR, ON_EXEC, ARGUMENTS } },
	[LSEEK] = { "lseek", { DESCRIPTOR, WHERE, FROM, SPOT, ARGUMENTS } },
	[READ_NEXT] = { "read", { DESCRIPTOR, ARGUMENTS } },
	[WRITE_NEXT] = { "write", { DESCRIPTOR, VALUE, ARGUMENTS } },
	[PREAD] = { "pread", { DESCRIPTOR, FROM, SPOT, SIGNALS, ARGUMENTS } },
	[PWRITE] = { "pwrite", { DESCRIPTOR, FROM, SPOT, VALUE, SIGNALS, ARGUMENTS } },
	[MMAP] = { "mmap", { AT, LONG, OF, FROM, SHARING, ACCESS, ADDRESS, SIGNALS, ARGUMENTS } },
	[MUNMAP] = { "munmap", { AT, LONG, SIGNALS, ARGUMENTS } },
	[MPROTECT] = { "mprotect", { AT, LONG, ACCESS, ARGUMENTS } },
	[MSYNC] = { "msync", { AT, LONG, SYNC, SIGNALS, ARGUMENTS } },
	[GUARD] = { "guard", { AT, LONG, ARGUMENTS } },
	[UNGUARD] = { "unguard", { AT, LONG, ARGUMENTS } },
	[ADVISE] = { "madvise", { AT, LONG, ADVICE, ARGUMENTS } },
	[MLOCK] = { "mlock", { AT, LONG, SIGNALS, ARGUMENTS } },
	[MUNLOCK] = { "munlock", { AT, LONG, SIGNALS, ARGUMENTS } },
	[LOCKED_BYTES] = { "locked_bytes", { ARGUMENTS } },
	[LOAD] = { "load", { AT, SPOT, ARGUMENTS } },
	[STORE] = { "store", { AT, SPOT, VALUE, ARGUMENTS } },
	[FORK] = { "fork", { PROCESS, SIGNALS, ARGUMENTS } },
	[SPAWN] = { "spawn", { PROCESS, SIGNALS, ARGUMENTS } },
	[VFORK] = { "vfork", { PROCESS, SIGNALS, ARGUMENTS } },
	[VFORK_EXIT] = { "vfork_exit", { SIGNALS, ARGUMENTS } },
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

bool
operation_makes_process(enum operation_kind kind)
{
	return kind == FORK || kind == SPAWN || kind == VFORK;
}

bool
operation_only_looks(enum operation_kind kind)
{
	switch (kind) {
	case IPC_STATUS:
	case IPC_MODE:
	case IPC_USERS:
	case IPC_TIMES:
	case FIND_SEGMENT:
	case PEEK_SEGMENT:
	case FIND_OBJECT:
	case PEEK_OBJECT:
	case FIND_FILE:
	case PEEK_FILE:
	case FSTAT:
	case FSTAT_MODE:
	case FSTAT_TIMES:
	case GETFD:
	case LOCKED_BYTES:
	case LOAD:
		return true;
	default:
		return false;
	}
}

unsigned
mode_bits(enum mode mode)
{
	static const unsigned bits[MODES] = { 0600, 0400, 0000, 0644, 0666, 0755 };

	return bits[mode];
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
