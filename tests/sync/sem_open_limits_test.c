/* SPDX-License-Identifier: BSD-2-Clause */

/* Named semaphores: the limits of values, names and descriptors. */

#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <sys/resource.h>

#include "case.h"
#include "named_semaphore.h"
#include "process.h"
#include "semaphore_value.h"

INTERFACE(sem_open, NEEDS_NAMED_SEMAPHORES)

CASE(value_too_large_einval, SHALL, "sem_open() with a value above SEM_VALUE_MAX fails with EINVAL and makes nothing",
    "POSIX.1-2017 sem_open() ERRORS", "POSIX.1-2024 sem_open() ERRORS", "Linux sem_open(3)", "FreeBSD sem_open(3)",
    "NetBSD sem_open(3)", "DragonFly sem_open(3)", "macOS sem_open(2)", "illumos sem_open(3C)",
    NEEDS_VALUE_OVER_MAXIMUM)
{
	struct semaphore_name name = semaphore_name();

	known_defect(FREEBSD, "9", "the value is not looked at", "FreeBSD lib/libc/gen/sem_new.c sem_open()");
	CHECK_FAILS(EINVAL, SEM_FAILED, sem_open(name.text, O_CREAT, 0600, (unsigned)SEM_VALUE_MAX + 1));
	CHECK_FAILS(ENOENT, SEM_FAILED, sem_open(name.text, 0));
}

CASE(name_slash_einval, DOCUMENTED, "The name \"/\" alone is refused with EINVAL", "Linux sem_open(3)")
{
	CHECK_FAILS(EINVAL, SEM_FAILED, sem_open("/", O_CREAT, 0600, 0));
}

CASE(name_length, DOCUMENTED, "A name of NAME_MAX - 4 bytes is used, and one that is 2 bytes longer is ENAMETOOLONG",
    "Linux sem_overview(7)", "Linux sem_open(3)", "Linux sem_unlink(3)")
{
	char longest[NAME_MAX];
	char longer[NAME_MAX];
	semaphore_name_of_length(longest, NAME_MAX - 5); /* and the slash */
	semaphore_name_of_length(longer, NAME_MAX - 3);

	CHECK_NE(SEM_FAILED, sem_open(longest, O_CREAT | O_EXCL, 0600, 0));
	known_defect(MUSL, "", "NAME_MAX bytes are used", "musl src/mman/shm_open.c __shm_mapname()");
	CHECK_FAILS(ENAMETOOLONG, SEM_FAILED, sem_open(longer, O_CREAT | O_EXCL, 0600, 0));
	CHECK_FAILS(ENAMETOOLONG, -1, sem_unlink(longer));
}

CASE(name_length__above_name_max, DOCUMENTED, "A name of more than NAME_MAX bytes behind the slash is ENAMETOOLONG",
    "Linux sem_open(3)", "Linux sem_unlink(3)", "FreeBSD sem_open(3)", "NetBSD sem_open(3)", "DragonFly sem_open(3)",
    "macOS sem_open(2)", "macOS sem_unlink(2)", "illumos sem_open(3C)", "illumos sem_unlink(3C)")
{
	char name[NAME_MAX + 3];
	semaphore_name_of_length(name, NAME_MAX + 1);

	known_defect(GLIBC, "", "EINVAL, and ENOENT from sem_unlink()", "docs/findings.md");
	CHECK_FAILS(ENAMETOOLONG, SEM_FAILED, sem_open(name, O_CREAT | O_EXCL, 0600, 0));
	CHECK_FAILS(ENAMETOOLONG, -1, sem_unlink(name));
}

static void
makes_with_one(void *name)
{
	named_semaphore(name, 1);
}

struct two_names {
	struct semaphore_name existing;
	struct semaphore_name missing;
};

static void
open_without_free_descriptor(void *names)
{
	const struct two_names *n = names;
	int last = use_up_descriptors();

	CHECK_FAILS(EMFILE, SEM_FAILED, sem_open(n->existing.text, 0));
	CHECK_FAILS(EMFILE, SEM_FAILED, sem_open(n->missing.text, O_CREAT | O_EXCL, 0600, 0));

	close(last);
	CHECK_NE(SEM_FAILED, sem_open(n->existing.text, 0));
}

CASE(emfile, DOCUMENTED, "A process without a free descriptor gets EMFILE, and can open the semaphore when one is free",
    "Linux sem_open(3)", "FreeBSD sem_open(3)", "NetBSD sem_open(3)", "DragonFly sem_open(3)", "macOS sem_open(2)",
    "illumos sem_open(3C)")
{
	struct two_names n = { semaphore_name(), semaphore_name() };

	in_child(makes_with_one, &n.existing); /* some libraries find what the process itself has open */

	known_defect(DRAGONFLY, "", "RLIMIT_NOFILE is not enforced exactly: a process gets descriptors beyond it",
	    "DragonFly sys/kern/kern_descrip.c fdalloc_locked()");
	in_child(open_without_free_descriptor, &n);
}
