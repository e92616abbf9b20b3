/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * What a process can be told to do. An operation is a kind and its arguments, which are small numbers: an argument
 * either is such a number, or chooses one of a few words. So an operation is a value, all of them can be counted, and a
 * smaller number is a simpler argument.
 */

#ifndef SHMCHECK_OPERATION_H
#define SHMCHECK_OPERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "world.h"

/*
 * FIND_SEGMENT, FIND_OBJECT and FIND_FILE look whether a key or a name is there, PEEK_SEGMENT, PEEK_OBJECT and PEEK_FILE at a
 * byte of what it names. They attach or open it, and detach or close it again. LOCKED_BYTES asks how much the process has
 * locked.
 */
enum operation_kind {
	SHMGET,
	SHMAT,
	SHMDT,
	IPC_STATUS,
	IPC_REMOVE,
	FIND_SEGMENT,
	PEEK_SEGMENT,
	SHM_OPEN,
	SHM_UNLINK,
	FIND_OBJECT,
	PEEK_OBJECT,
	OPEN,
	MEMFD_CREATE,
	UNLINK,
	FIND_FILE,
	PEEK_FILE,
	FTRUNCATE,
	FSTAT,
	CLOSE,
	IPC_SET_MODE,
	IPC_MODE, /* of IPC_STAT */
	IPC_USERS,
	IPC_TIMES,
	FSTAT_MODE,
	FSTAT_TIMES,
	FCHMOD,
	BECOME_OTHER, /* another user, for good */
	DUP,
	GETFD,
	SETFD,
	LSEEK,
	READ_NEXT,  /* by read() */
	WRITE_NEXT, /* by write() */
	PREAD,
	PWRITE,
	MMAP,
	MUNMAP,
	MPROTECT,
	MSYNC,
	GUARD,
	UNGUARD,
	ADVISE, /* madvise() */
	MLOCK,
	MUNLOCK,
	LOCKED_BYTES,
	LOAD,
	STORE,
	FORK,
	SPAWN,      /* by posix_spawn(): a process that executes the same program anew */
	VFORK,      /* the same by vfork() and exec */
	VFORK_EXIT, /* the child of vfork() ends at once */
	EXEC,
	EXIT,
	KILL,
	OPERATIONS
};

enum argument {
	KEY,
	NAME,
	SIZE,    /* enum size */
	CREATES, /* enum creates */
	OPENS,   /* enum opens */
	ON_EXEC, /* enum on_exec */
	MODE,    /* enum mode */
	GIVE_TO, /* enum new_owner */
	DESCRIPTOR,
	WHERE, /* enum from_where */
	AT,    /* a place */
	LONG,  /* units, less 1 */
	OF,    /* 0: anonymous memory; else a descriptor, plus 1 */
	FROM,  /* a unit of the backing */
	SHARING,
	ACCESS, /* enum access */
	SPOT,
	VALUE,
	PROCESS,
	SYNC,    /* enum sync */
	ADDRESS, /* enum address */
	ADVICE,  /* enum advice */
	SIGNALS, /* 1: some arrive while the operation is done */
	ARGUMENTS
};

enum size { SIZE_0, SIZE_1, SIZE_UNIT, SIZE_UNIT_AND_1, SIZE_2_UNITS, SIZE_3_UNITS, SIZES };
enum creates { FINDS, CREATES_IT, CREATES_EXCLUSIVELY, CREATES_PRIVATE, WAYS_TO_CREATE };
enum opens {
	OPENS_TO_READ,
	OPENS_TO_WRITE,
	OPENS_NEW,
	OPENS_EXCLUSIVELY,
	OPENS_TRUNCATED,
	OPENS_TO_APPEND,
	WAYS_TO_OPEN
};
enum on_exec { KEPT_ON_EXEC, CLOSED_ON_EXEC, FATES_ON_EXEC };
enum new_owner { SAME_OWNER, FIRST_AS_OWNER, OTHER_AS_OWNER, NEW_OWNERS };
enum from_where { FROM_START, FROM_OFFSET, FROM_END, BASES };
enum sharing { SHARED, PRIVATE, WAYS_TO_SHARE };

/* The address that mmap() or shmat() is asked for. Without PLACE the system chooses, if need be; then nothing may be mapped there. */
enum address {
	PLACE,         /* with MAP_FIXED */
	ANY,           /* null */
	HINT,          /* that of the place, where nothing is mapped */
	NEIGHBOUR,     /* that of the place before, where something is */
	ROUNDED,       /* of shmat(): with SHM_RND the last one that is rounded down to that of the place */
	UNALIGNED,     /* the same without SHM_RND */
	REPLACING,     /* with SHM_REMAP that of the place */
	REPLACING_ANY, /* with SHM_REMAP null */
	ADDRESSES
};
/* What it gives: the address of the place, another one, or one where something is mapped. */
enum chosen { AT_PLACE, CHOSEN, CHOSEN_WRONGLY };
enum sync { SYNCHRONIZES, INVALIDATES, SCHEDULES, WAYS_TO_SYNC };

/* Behind MADV_. */
enum advice { DONTNEED, DONTFORK, DOFORK, WIPEONFORK, KEEPONFORK, ADVICES };

struct operation {
	uint8_t kind;
	uint8_t process;
	uint8_t arguments[ARGUMENTS];
};

/* What an argument is called, how many values it has, and the words for them, or null if they are numbers. */
struct argument_form {
	const char *name;
	unsigned count;
	unsigned first; /* what the number 0 is called */
	const char *const *words;
	bool is_optional; /* in a script it is left out if it is 0 */
};

/* What an operation is called, and what it takes. ARGUMENTS ends the list. */
struct operation_form {
	const char *name;
	enum argument takes[10];
};

const struct argument_form *argument_form(enum argument);
const struct operation_form *operation_form(enum operation_kind);
bool operation_takes(enum operation_kind, enum argument);

/* Whether it makes the process that it names. */
bool operation_makes_process(enum operation_kind);

/* Whether the operation is a question, which changes nothing. */
bool operation_only_looks(enum operation_kind);

/* What shows in a mode that a segment is removed: SHM_DEST of Linux. */
enum { REMOVED_BIT = 01000 };

/* The permission bits. */
unsigned mode_bits(enum mode);

/* A size in bytes. */
uint32_t size_in_bytes(const struct setting *, enum size);

/*
 * All operations of a kind, in an order: the process changes first. Make the operation the next one. Returns false
 * behind the last, and the operation is the first again.
 */
bool operation_next(struct operation *);

#endif
