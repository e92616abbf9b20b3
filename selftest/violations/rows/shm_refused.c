/* SPDX-License-Identifier: BSD-2-Clause */

/* Calls on System V segments that are refused as they should be, and change something all the same. */

#include "limits.h"
#include "direct_check.h"
#include "segments.h"

static const struct known_segment *
segment_of_key(const struct call *c)
{
	return c->key == IPC_PRIVATE ? NULL : known_segment_with_key(c->key);
}

/* That was made and not removed by the caller, or a parent of it; or a null pointer. */
static struct known_segment *
first_segment(void)
{
	size_t count;
	struct known_segment *segments = known_segments(&count);

	for (size_t i = 0; i < count; i++)
		if (!segments[i].was_removed)
			return &segments[i];
	return NULL;
}

static void
remove_first_and_fail(struct call *c, int error)
{
	real_shmctl(first_segment()->id, IPC_RMID, NULL);
	first_segment()->was_removed = true;
	call_fail(c, error);
}

/* The caller has no right to the segment, and has it attached: by inheritance. */
static bool
is_stranger(int id)
{
	return geteuid() != 0 && class_for(id) == OTHER_CLASS && attachment_of(id, SHM_RDONLY) != NULL;
}

static void
detach_and_fail(struct call *c, int id, int error)
{
	real_shmdt(attachment_of(id, SHM_RDONLY)->start);
	call_fail(c, error);
}

static void
set_mode_and_fail(struct call *c, int id, int mode, int error)
{
	struct shmid_ds status = real_status(id);

	status.shm_perm.mode = (mode_t)mode;
	real_shmctl(id, IPC_SET, &status);
	call_fail(c, error);
}

VIOLATION(shmget_eexist_sets_mode, "shm_refused.shmget", "-", SHMGET,
    REPLACES((c->flags & IPC_CREAT) != 0 && (c->flags & IPC_EXCL) != 0 && segment_of_key(c) != NULL,
	set_mode_and_fail(c, segment_of_key(c)->id, c->flags & 0777, EEXIST)))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0640);

	return shmget(key, 1, IPC_CREAT | IPC_EXCL | 0600) == -1 && errno == EEXIST &&
	    (segment_stat(id).shm_perm.mode & 0777) == 0600;
}

static void
lose_last_page_and_fail(struct call *c, int id, int error)
{
	const struct known_range *range = attachment_of(id, 0);

	if (range != NULL)
		put_zeros(range->start + range->length - page_size(), page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE);
	call_fail(c, error);
}

VIOLATION(shmget_larger_loses_last_page, "shm_refused.shmget", "-", SHMGET,
    REPLACES(segment_of_key(c) != NULL && (c->flags & IPC_EXCL) == 0 && c->length > segment_of_key(c)->size &&
	    attachment_of(segment_of_key(c)->id, 0) != NULL,
	lose_last_page_and_fail(c, segment_of_key(c)->id, EINVAL)))
{
	key_t key = segment_key();
	char *p = segment_attach(segment_create_with_key(key, 1, 0600), NULL, 0);

	*p = 'p';
	return shmget(key, 2, 0600) == -1 && *p == 0;
}

/* For direct checks: what a stranger's process has inherited, and the error if the refused call has detached that. */
static char *inherited;

static int
if_detached(int error)
{
	return load_is_refused(inherited) ? error : 0;
}

static int
lookup_by_stranger(int key, int flags)
{
	return if_detached(shmget(key, 1, flags) == -1 ? errno : 0);
}

static int
attach_by_stranger(int id, int flags)
{
	return if_detached(error_of_attach(id, flags));
}

static int
control_by_stranger(int id, int command)
{
	return if_detached(error_of_control(id, command));
}

static int
inherited_segment(key_t key)
{
	int id = segment_create_with_key(key, 1, 0600);

	inherited = segment_attach(id, NULL, SHM_RDONLY);
	return id;
}

VIOLATION(shmget_eacces_detaches, "shm_refused.shmget", "-", SHMGET,
    REPLACES(segment_of_key(c) != NULL && (c->flags & 0600) == 0600 && is_stranger(segment_of_key(c)->id) &&
	    rights_of(segment_of_key(c)->id, OTHER_CLASS) == 0,
	detach_and_fail(c, segment_of_key(c)->id, EACCES)))
{
	key_t key = segment_key();

	inherited_segment(key);
	return error_for(OTHER, lookup_by_stranger, key, 0600) == EACCES;
}

VIOLATION(shmat_eacces_to_stranger_detaches, "shm_refused.shmat", "-", SHMAT,
    REPLACES(is_stranger(c->id) && rights_of(c->id, OTHER_CLASS) == 0, detach_and_fail(c, c->id, EACCES)))
{
	return error_for(OTHER, attach_by_stranger, inherited_segment(segment_key()), 0) == EACCES;
}

VIOLATION(shmctl_eperm_detaches, "shm_refused.shmctl", "-", SHMCTL,
    REPLACES((c->command == IPC_SET || c->command == IPC_RMID) && is_stranger(c->id), detach_and_fail(c, c->id, EPERM)))
{
	return error_for(OTHER, control_by_stranger, inherited_segment(segment_key()), IPC_SET) == EPERM;
}

VIOLATION(shmctl_eacces_detaches, "shm_refused.shmctl", "-", SHMCTL,
    REPLACES(is_stat(c) && is_stranger(c->id) && rights_of(c->id, OTHER_CLASS) == 0, detach_and_fail(c, c->id, EACCES)))
{
	return error_for(OTHER, control_by_stranger, inherited_segment(segment_key()), IPC_STAT) == EACCES;
}

#ifdef __linux__
VIOLATION(shm_lock_eperm_detaches, "shm_refused.shmctl", "-", SHMCTL,
    REPLACES(c->command == SHM_LOCK && is_stranger(c->id), detach_and_fail(c, c->id, EPERM)))
{
	return error_for(OTHER, control_by_stranger, inherited_segment(segment_key()), SHM_LOCK) == EPERM;
}

static bool
is_beyond_limit(const struct call *c)
{
	return ((c->flags & IPC_CREAT) != 0 || c->key == IPC_PRIVATE) && segment_of_key(c) == NULL && is_full();
}

VIOLATION(shmget_enospc_removes_another, "shm_refused.shmget", "-", SHMGET,
    REPLACES(is_beyond_limit(c) && first_segment() != NULL, remove_first_and_fail(c, ENOSPC)))
{
	if (!can_enter_namespace())
		return false;
	ipc_limit_set("shmmni", 1);
	int id = shmget(IPC_PRIVATE, 1, 0600);
	struct shmid_ds status;

	return shmget(IPC_PRIVATE, 1, 0600) == -1 && shmctl(id, IPC_STAT, &status) == -1;
}

static void
attach_and_fail(struct call *c, int flags, int error)
{
	real_shmat(c->id, NULL, flags);
	call_fail(c, error);
}

VIOLATION(shmat_remap_einval_is_counted, "shm_refused.shmat", "-", SHMAT,
    REPLACES((c->flags & SHM_REMAP) != 0 && c->address == NULL, attach_and_fail(c, 0, EINVAL)))
{
	int id = segment_create(1);

	return shmat(id, NULL, SHM_REMAP) == (void *)-1 && segment_stat(id).shm_nattch == 1;
}
#endif

/* The owner, who may read the segment and no more, and has it attached for writing since that was allowed. */
static bool
is_reader_with_attachment(const struct call *c)
{
	return has_rights(c, USER_CLASS, MAY_READ) && (c->flags & SHM_RDONLY) == 0 && attachment_of(c->id, 0) != NULL;
}

static void
make_private_and_fail(struct call *c, int id, int error)
{
	const struct known_range *range = attachment_of(id, 0);

	make_private(range->start, range->length);
	call_fail(c, error);
}

static int
error_of_reader(int id, __attribute__((unused)) int argument)
{
	int error = error_of_attach(id, 0);

	inherited[0] = 'r';
	return ((char *)segment_attach(id, NULL, SHM_RDONLY))[0] == 0 ? error : 0;
}

VIOLATION(shmat_eacces_to_owner_makes_private, "shm_refused.shmat", "-", SHMAT,
    REPLACES(is_reader_with_attachment(c), make_private_and_fail(c, c->id, EACCES)))
{
	int status;
	int id = segment_create(1);
	inherited = segment_attach(id, NULL, 0);
	segment_give(id, plain_user(), plain_user(), 0400);
	pid_t child = fork();

	if (child == 0) {
		user_become(plain_user());
		_exit(error_of_reader(id, 0) == EACCES ? 0 : 1);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}

static void
map_and_fail(struct call *c)
{
	char *page = (char *)c->address - (uintptr_t)c->address % page_size();

	real_mmap(page, page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
	call_fail(c, EINVAL);
}

VIOLATION(shmat_unaligned_maps_page, "shm_refused.shmat", "-", SHMAT,
    REPLACES((uintptr_t)c->address % page_size() != 0 && (c->flags & SHM_RND) == 0 &&
	    known_range_at(c->address) == NULL && c->id != -1,
	map_and_fail(c)))
{
	char *p = free_range(1);

	return shmat(segment_create(1), p + 1, 0) == (void *)-1 && !load_is_refused(p);
}

/* At the start of another attachment. */
static bool
is_over_attachment(const struct call *c)
{
	const struct known_range *range = attachment_at(c->address);

	return range != NULL && range->start == c->address && (c->flags & (SHM_REMAP | SHM_RDONLY)) == 0;
}

static void
clear_and_fail(struct call *c)
{
	if ((attachment_at(c->address)->flags & SHM_RDONLY) == 0)
		memset(c->address, 0, page_size());
	call_fail(c, EINVAL);
}

VIOLATION(shmat_refused_clears_what_is_there, "shm_refused.shmat", "-", SHMAT,
    REPLACES(is_over_attachment(c), clear_and_fail(c)))
{
	int id = segment_create(1);
	char *p = segment_attach(id, NULL, 0);

	*p = 'p';
	return shmat(id, p, 0) == (void *)-1 && *p == 0;
}

static bool
is_inside(const struct call *c)
{
	const struct known_range *range = attachment_at(c->address);

	return range != NULL && range->start != c->address && (range->flags & SHM_RDONLY) == 0;
}

static void
unmap_last_page_and_fail(struct call *c)
{
	const struct known_range *range = attachment_at(c->address);

	real_munmap(range->start + range->length - page_size(), page_size());
	call_fail(c, EINVAL);
}

VIOLATION(shmdt_refused_unmaps_last_page, "shm_refused.shmdt", "-", SHMDT,
    REPLACES(is_inside(c), unmap_last_page_and_fail(c)))
{
	char *p = segment_attach(segment_create(2 * page_size()), NULL, 0);

	return shmdt(p + 1) == -1 && load_is_refused(p + page_size()) && !load_is_refused(p);
}

VIOLATION(shmctl_rmid_of_none_removes_another, "shm_refused.shmctl", "-", SHMCTL,
    REPLACES(c->command == IPC_RMID && c->id == -1 && first_segment() != NULL, remove_first_and_fail(c, EINVAL)))
{
	struct shmid_ds status;
	int id = segment_create(1);

	return shmctl(-1, IPC_RMID, NULL) == -1 && shmctl(id, IPC_STAT, &status) == -1;
}

static void
set_and_fail(struct call *c)
{
	real_shmctl(c->id, IPC_SET, c->buffer);
	call_fail(c, EINVAL);
}

VIOLATION(shmctl_unknown_command_sets, "shm_refused.shmctl", "-", SHMCTL,
    REPLACES(c->command > LAST_COMMAND && c->buffer != NULL, set_and_fail(c)))
{
	int id = segment_create(1);
	struct shmid_ds status = segment_stat(id);

	status.shm_perm.mode = 0666;
	return shmctl(id, 12345, &status) == -1 && (segment_stat(id).shm_perm.mode & 0777) == 0666;
}
