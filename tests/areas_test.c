/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * Whether the platform has the areas that the suite is about. If it lacks one, the cases of that area are skipped, and
 * the area's case here fails if the platform is claimed to have it, see area_is_claimed().
 */

#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

#include "case.h"
#include "file.h"
#include "object.h"
#include "process.h"
#include "segment.h"
#include "shared_mutex.h"

INTERFACE(areas)

/* How a claim names the area, and how a message does. */
struct area {
	const char *claim;
	const char *words;
};

static const struct area sysv_area = { "sysv", "System V segments" };
static const struct area objects_area = { "objects", "POSIX shared memory objects" };
static const struct area mmap_area = { "mmap", "mmap() and its family" };
static const struct area sync_area = { "sync", "synchronization between processes" };

/* End the case unless the call was answered: as failed where the area is claimed, else as skipped. */
static void
area_answers(struct area area, bool is_answered, const char *call)
{
	const char *error = errno_name(errno);

	if (is_answered)
		return;
	if (area_is_claimed(area.claim))
		end_failed("the platform is claimed to have %s, and %s fails with %s", area.words, call, error);
	end_skipped("the platform lacks %s: %s fails with %s", area.words, call, error);
}

CASE(sysv, SHALL, "A platform with the XSI option has shmget(), shmat(), shmdt() and shmctl()",
    "POSIX.1-2017 XSH 2.7.1 IPC General Description", "POSIX.1-2017 <sys/shm.h>", "POSIX.1-2024 <sys/shm.h>")
{
	int id = shmget(IPC_PRIVATE, page_size(), IPC_CREAT | 0600);
	struct shmid_ds status;

	area_answers(sysv_area, id != -1, "shmget()");
	segment_own(id);
	char *p = shmat(id, NULL, 0);
	area_answers(sysv_area, p != (void *)-1, "shmat()");
	*p = 'a';
	/* The last detach may destroy the segment: kernel.shm_rmid_forced of Linux. */
	area_answers(sysv_area, shmctl(id, IPC_STAT, &status) == 0, "shmctl(IPC_STAT)");
	area_answers(sysv_area, shmctl(id, IPC_RMID, NULL) == 0, "shmctl(IPC_RMID)");
	area_answers(sysv_area, shmdt(p) == 0, "shmdt()");
}

CASE(objects, SHALL, "A platform with shared memory objects has shm_open() and shm_unlink()",
    "POSIX.1-2017 shm_open() DESCRIPTION", "POSIX.1-2024 shm_open() DESCRIPTION",
    "POSIX.1-2017 shm_unlink() DESCRIPTION", "POSIX.1-2024 shm_unlink() DESCRIPTION")
{
	struct object o = object_random_name();
	int fd = shm_open(o.name, O_CREAT | O_EXCL | O_RDWR, 0600);

	area_answers(objects_area, fd != -1, "shm_open()");
	object_own(&o, fd);
	area_answers(objects_area, ftruncate(fd, (off_t)page_size()) == 0, "ftruncate()");
	char *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	area_answers(objects_area, p != MAP_FAILED, "mmap()");
	area_answers(objects_area, shm_unlink(o.name) == 0, "shm_unlink()");
}

CASE(mmap, SHALL, "Every platform has mmap(), mprotect(), msync() and munmap()", "POSIX.1-2017 mmap() DESCRIPTION",
    "POSIX.1-2024 mmap() DESCRIPTION", "POSIX.1-2017 mprotect() DESCRIPTION", "POSIX.1-2017 msync() DESCRIPTION",
    "POSIX.1-2017 munmap() DESCRIPTION", "POSIX.1-2024 munmap() DESCRIPTION")
{
	int fd = nameless_file(page_size());
	char *p = mmap(NULL, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	area_answers(mmap_area, p != MAP_FAILED, "mmap()");
	area_answers(mmap_area, msync(p, page_size(), MS_SYNC) == 0, "msync()");
	area_answers(mmap_area, mprotect(p, page_size(), PROT_READ) == 0, "mprotect()");
	area_answers(mmap_area, munmap(p, page_size()) == 0, "munmap()");
}

CASE(sync, SHALL,
    "A platform with process-shared synchronization has mutexes and condition variables between processes",
    "POSIX.1-2017 pthread_mutexattr_setpshared() DESCRIPTION", "POSIX.1-2017 pthread_condattr_setpshared() DESCRIPTION")
{
	pthread_mutexattr_t mutexes;
	pthread_condattr_t conditions;

	REQUIRE_SUCCEEDS(pthread_mutexattr_init(&mutexes));
	REQUIRE_SUCCEEDS(pthread_condattr_init(&conditions));
	errno = pthread_mutexattr_setpshared(&mutexes, PTHREAD_PROCESS_SHARED);
	area_answers(sync_area, errno == 0, "pthread_mutexattr_setpshared()");
	errno = pthread_condattr_setpshared(&conditions, PTHREAD_PROCESS_SHARED);
	area_answers(sync_area, errno == 0, "pthread_condattr_setpshared()");
	REQUIRE_SUCCEEDS(pthread_mutexattr_destroy(&mutexes));
	REQUIRE_SUCCEEDS(pthread_condattr_destroy(&conditions));
}
