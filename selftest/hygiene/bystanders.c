/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * usage: bystanders [-u UID] ... COMMAND [ARGUMENT ...]
 *        bystanders touch
 *
 * Makes things that do not belong to the command, runs the command, and reports what of these things has changed since:
 * System V segments of several modes, with and without keys, attached and not attached, and one that is removed and still
 * attached; objects, named semaphores and files whose names are like those of the suite; and, as root, a semaphore set. The
 * things belong to the caller. Root also makes them for each user that -u names. Exits with the status of the command, or
 * with 4 when something has changed.
 *
 * The command finds one segment, one object and one file in BYSTANDER_SEGMENT, BYSTANDER_OBJECT and BYSTANDER_FILE.
 * "bystanders touch" attaches and detaches that segment, which changes only time fields and a process id: a test of this
 * program uses it.
 *
 * A guardian removes the things however this program ends.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "check.h"
#include "command.h"
#include "guardian.h"
#include "platform.h"
#include "random.h"

enum { CANNOT = 2, CHANGED = 4 };
enum { USERS_MAX = 4, BYSTANDERS_MAX = 64, SIZE = 100 };

struct bystander_segment {
	int id;
	char content;   /* of each byte */
	void *attached; /* or null */
	struct shmid_ds status;
};

/* Or a POSIX object: on Linux that is a file in /dev/shm. */
struct bystander_file {
	char path[PATH_MAX];
	struct stat status;
};

/* What semctl() takes and <sys/sem.h> leaves to its callers. */
union semaphore_argument {
	int value;
	struct semid_ds *status;
};

static struct bystander_segment segments[BYSTANDERS_MAX];
static size_t segment_count;
static struct bystander_file files[BYSTANDERS_MAX];
static size_t file_count;
static int semaphore = -1;
static struct semid_ds semaphore_status;
static int semaphore_process;

static unsigned changes;

static _Noreturn void
cannot(const char *what)
{
	fprintf(stderr, "bystanders: cannot %s: %s\n", what, errno_name(errno));
	guardian_finish();
	exit(CANNOT);
}

static bool
is_filled(const char *content, char byte)
{
	for (size_t i = 0; i < SIZE; i++)
		if (content[i] != byte)
			return false;
	return true;
}

static key_t
free_key(void)
{
	key_t key;

	do
		random_bytes(&key, sizeof(key));
	while (key == IPC_PRIVATE || shmget(key, 0, 0) != -1 || errno != ENOENT);
	guardian_owns_key(key);
	return key;
}

static int
make_segment(key_t key, int mode, bool stays_attached)
{
	struct bystander_segment *s = &segments[segment_count++];
	bool can_write = (mode & 0200) != 0;
	char *p;

	s->id = shmget(key, SIZE, IPC_CREAT | IPC_EXCL | mode);
	if (s->id == -1)
		cannot("make a segment");
	guardian_owns_segment(s->id);
	p = shmat(s->id, NULL, can_write ? 0 : SHM_RDONLY);
	if (p == (void *)-1)
		cannot("attach a segment");
	if (can_write)
		memset(p, 'p', SIZE);
	s->content = can_write ? 'p' : 0;
	if (stays_attached) {
		s->attached = p;
		/* The command must not inherit the attachment: its exec would detach it. */
		if (madvise(p, SIZE, MADV_DONTFORK) == -1)
			cannot("keep an attachment from children");
	} else if (shmdt(p) == -1)
		cannot("detach a segment");
	return s->id;
}

static void
make_file(const char *directory, const char *prefix, mode_t mode)
{
	struct bystander_file *f = &files[file_count++];
	uint64_t number;
	char content[SIZE];
	int fd;

	random_bytes(&number, sizeof(number));
	snprintf(f->path, sizeof(f->path), "%s/%s%016jx", directory, prefix, (uintmax_t)number);
	guardian_owns_file_name(f->path);
	memset(content, 'p', SIZE);
	fd = open(f->path, O_WRONLY | O_CREAT | O_EXCL, mode);
	if (fd == -1 || write(fd, content, SIZE) != SIZE || fchmod(fd, mode) == -1 || close(fd) == -1)
		cannot(f->path);
}

static void
make_as_this_user(void)
{
	static const mode_t modes[] = { 0600, 0400, 0666 };
	const char *directory = getenv("TMPDIR");

	for (size_t i = 0; i < nitems(modes); i++) {
		make_segment(IPC_PRIVATE, (int)modes[i], false);
		make_segment(free_key(), (int)modes[i], false);
		make_segment(IPC_PRIVATE, (int)modes[i], true);
		make_file("/dev/shm", "shmcheck.", modes[i]);
		make_file(directory == NULL ? "/tmp" : directory, "shmcheck.", modes[i]);
		make_file("/dev/shm", "sem.shmcheck.", modes[i]);
	}
	if (shmctl(make_segment(free_key(), 0600, true), IPC_RMID, NULL) == -1)
		cannot("remove a segment that is attached");
}

static void
make_as(uid_t user)
{
	/* On Linux the effective ids are those that new segments and files get. */
	if (setegid((gid_t)user) == -1 || seteuid(user) == -1)
		cannot("become another user");
	make_as_this_user();
	if (seteuid(0) == -1 || setegid(0) == -1)
		cannot("become root again");
}

/* No guardian knows it. Root runs this program in an IPC namespace, with which it goes. */
static void
make_semaphore_set(void)
{
	union semaphore_argument argument = { .value = 7 };

	semaphore = semget(IPC_PRIVATE, 1, IPC_CREAT | 0666);
	if (semaphore == -1 || semctl(semaphore, 0, SETVAL, argument) == -1)
		cannot("make a semaphore set");
	argument.status = &semaphore_status;
	if (semctl(semaphore, 0, IPC_STAT, argument) == -1)
		cannot("look at a semaphore set");
	semaphore_process = semctl(semaphore, 0, GETPID);
}

/* Contents are compared later: reading them sets time fields. */
static void
look(void)
{
	for (size_t i = 0; i < segment_count; i++)
		if (shmctl(segments[i].id, IPC_STAT, &segments[i].status) == -1)
			cannot("look at a segment");
	for (size_t i = 0; i < file_count; i++)
		if (lstat(files[i].path, &files[i].status) == -1)
			cannot(files[i].path);
}

static void
changed(const char *what, const char *name, const char *field)
{
	fprintf(stderr, "bystanders: %s %s: %s has changed\n", what, name, field);
	changes++;
}

#define COMPARE(what, name, before, after, field) \
	do { \
		if (memcmp(&(before)->field, &(after)->field, sizeof((before)->field)) != 0) \
			changed(what, name, #field); \
	} while (0)

static void
compare_segment(const struct bystander_segment *s)
{
	struct shmid_ds now;
	char name[24];

	snprintf(name, sizeof(name), "%d", s->id);
	if (shmctl(s->id, IPC_STAT, &now) == -1) {
		changed("segment", name, "existence");
		return;
	}
	COMPARE("segment", name, &s->status, &now, shm_perm.uid);
	COMPARE("segment", name, &s->status, &now, shm_perm.gid);
	COMPARE("segment", name, &s->status, &now, shm_perm.cuid);
	COMPARE("segment", name, &s->status, &now, shm_perm.cgid);
	COMPARE("segment", name, &s->status, &now, shm_perm.mode);
	COMPARE("segment", name, &s->status, &now, shm_segsz);
	COMPARE("segment", name, &s->status, &now, shm_lpid);
	COMPARE("segment", name, &s->status, &now, shm_cpid);
	COMPARE("segment", name, &s->status, &now, shm_nattch);
	COMPARE("segment", name, &s->status, &now, shm_atime);
	COMPARE("segment", name, &s->status, &now, shm_dtime);
	COMPARE("segment", name, &s->status, &now, shm_ctime);

	const char *p = s->attached != NULL ? s->attached : shmat(s->id, NULL, SHM_RDONLY);
	if (p == (const char *)-1 || !is_filled(p, s->content))
		changed("segment", name, "content");
	if (p != (const char *)-1)
		shmdt(p);
}

static void
compare_file(const struct bystander_file *f)
{
	struct stat now;
	char content[SIZE + 1];
	int fd;

	if (lstat(f->path, &now) == -1) {
		changed("file", f->path, "existence");
		return;
	}
	COMPARE("file", f->path, &f->status, &now, st_dev);
	COMPARE("file", f->path, &f->status, &now, st_ino);
	COMPARE("file", f->path, &f->status, &now, st_mode);
	COMPARE("file", f->path, &f->status, &now, st_nlink);
	COMPARE("file", f->path, &f->status, &now, st_uid);
	COMPARE("file", f->path, &f->status, &now, st_gid);
	COMPARE("file", f->path, &f->status, &now, st_size);
	COMPARE("file", f->path, &f->status, &now, st_atim);
	COMPARE("file", f->path, &f->status, &now, st_mtim);
	COMPARE("file", f->path, &f->status, &now, st_ctim);

	fd = open(f->path, O_RDONLY);
	if (fd == -1 || read(fd, content, sizeof(content)) != SIZE || !is_filled(content, 'p'))
		changed("file", f->path, "content");
	if (fd != -1)
		close(fd);
}

static void
compare_semaphore(void)
{
	struct semid_ds now;
	union semaphore_argument argument = { .status = &now };

	if (semctl(semaphore, 0, IPC_STAT, argument) == -1) {
		changed("semaphore", "set", "existence");
		return;
	}
	COMPARE("semaphore", "set", &semaphore_status, &now, sem_perm.uid);
	COMPARE("semaphore", "set", &semaphore_status, &now, sem_perm.gid);
	COMPARE("semaphore", "set", &semaphore_status, &now, sem_perm.mode);
	COMPARE("semaphore", "set", &semaphore_status, &now, sem_otime);
	COMPARE("semaphore", "set", &semaphore_status, &now, sem_ctime);
	if (semctl(semaphore, 0, GETVAL) != 7)
		changed("semaphore", "set", "value");
	if (semctl(semaphore, 0, GETPID) != semaphore_process)
		changed("semaphore", "set", "last process");
}

static int
run(char **argv)
{
	char id[24];
	int status;
	pid_t command;

	snprintf(id, sizeof(id), "%d", segments[0].id);
	setenv("BYSTANDER_SEGMENT", id, 1);
	setenv("BYSTANDER_OBJECT", files[0].path, 1);
	setenv("BYSTANDER_FILE", files[1].path, 1);
	command = command_start(argv);
	while (waitpid(command, &status, WNOHANG) == 0)
		command_signal(true);
	return status_of_shell(status);
}

static int
touch(void)
{
	const char *id = getenv("BYSTANDER_SEGMENT");
	void *p = id == NULL ? (void *)-1 : shmat((int)strtol(id, NULL, 10), NULL, 0);

	return p == (void *)-1 || shmdt(p) == -1;
}

int
main(int argc, char **argv)
{
	int status;

	if (argc == 2 && strcmp(argv[1], "touch") == 0)
		return touch();
	make_as_this_user();
	for (int users = 1; argc > 3 && strcmp(argv[1], "-u") == 0 && users < USERS_MAX; users++) {
		make_as((uid_t)strtoul(argv[2], NULL, 10));
		argc -= 2;
		argv += 2;
	}
	if (argc < 2 || argv[1][0] == '-') {
		fprintf(stderr, "usage: bystanders [-u UID] ... COMMAND [ARGUMENT ...], %d users at most\n", USERS_MAX);
		guardian_finish();
		return CANNOT;
	}
	if (geteuid() == 0)
		make_semaphore_set();
	look();

	status = run(argv + 1);

	for (size_t i = 0; i < segment_count; i++)
		compare_segment(&segments[i]);
	for (size_t i = 0; i < file_count; i++)
		compare_file(&files[i]);
	if (semaphore != -1) {
		compare_semaphore();
		semctl(semaphore, 0, IPC_RMID);
	}
	if (!guardian_finish())
		cannot("remove the bystanders");
	return changes > 0 ? CHANGED : status;
}
