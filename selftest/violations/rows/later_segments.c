/* SPDX-License-Identifier: BSD-2-Clause */

/* What happens to segments and attachments in more than one process, or after something has failed. */

#include <stdio.h>

#include "ipc.h"
#include "linux_shmctl.h"
#include "platform/raw_segment.h"
#include "direct_check.h"
#include "segments.h"

static void
soil_first_bytes(const struct call *c)
{
	char *p = real_shmat(c->id, NULL, 0);

	if (p == (void *)-1)
		return;
	for (size_t at = 0; at < real_status(c->id).shm_segsz; at += page_size())
		p[at] = SPOILED;
	real_shmdt(p);
}

static bool
is_large_attachment(const struct known_range *range)
{
	return range->id != -1 && range->length > page_size();
}

static void
soil_start(const struct known_range *range)
{
	spoil_byte(range->start);
}

VIOLATION(shmat_rdonly_spoils_segment, "shmat.rdonly-and-rdwr-together", "-", SHMAT,
    FALSIFIES(c->flags &SHM_RDONLY, soil_first_bytes(c)))
{
	return *(char *)segment_attach(segment_create(1), NULL, SHM_RDONLY) == SPOILED;
}

VIOLATION(wait_spoils_first_byte, "shm_process.fork-shares-writes", "-", WAITPID,
    FALSIFIES(c->result > 0, for_known_ranges(is_large_attachment, soil_start)))
{
	char *p = segment_attach(segment_create(2 * page_size()), NULL, 0);

	if (fork() == 0)
		_exit(0);
	waitpid(-1, NULL, 0);
	return *p == SPOILED;
}

VIOLATION(fork_spoils_first_byte, "shm_process.fork-shares-writes", "-", FORK,
    FALSIFIES(c->result == 0, for_known_ranges(is_large_attachment, soil_start)))
{
	char *p = segment_attach(segment_create(2 * page_size()), NULL, 0);

	if (fork() == 0)
		_exit(0);
	wait(NULL);
	return *p == SPOILED;
}

VIOLATION(shmctl_set_of_removed_enosys, "shmctl.rmid-then-set", "-", SHMCTL,
    REFUSES(c->command == IPC_SET && is_removed(c->id), ENOSYS))
{
	int id = segment_create(1);
	struct shmid_ds status = segment_stat(id);

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return shmctl(id, IPC_SET, &status) == -1 && errno == ENOSYS;
}

VIOLATION(shmctl_stat_of_removed_enosys, "shmctl.rmid-then-stat", "-", SHMCTL,
    REFUSES(is_stat(c) && is_removed(c->id), ENOSYS))
{
	int id = segment_create(1);
	struct shmid_ds status;

	segment_attach(id, NULL, 0);
	segment_remove(id);
	return shmctl(id, IPC_STAT, &status) == -1 && errno == ENOSYS;
}

VIOLATION(shmdt_of_a_part_enosys, "shmdt.partial-munmap", "-", SHMDT,
    REFUSES(c->address != NULL &&
	    (attachment_at(c->address) == NULL ||
		attachment_at(c->address)->length < attachment_at(c->address)->length_then),
	ENOSYS))
{
	char *p = segment_attach(segment_create(2 * page_size()), NULL, 0);

	munmap(p, page_size());
	return shmdt(p) == -1 && errno == ENOSYS;
}

VIOLATION(mprotect_of_attachment_opens_nothing, "shmdt.split-by-mprotect", "-", MPROTECT,
    SKIPS(attachment_at(c->address) != NULL))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	mprotect(p, page_size(), PROT_READ);
	return !store_is_refused(p);
}

VIOLATION(mprotect_of_attachment_keeps_it_closed, "shmat.nattch-of-pieces", "-", MPROTECT,
    REFUSES(attachment_at(c->address) != NULL && c->protection & PROT_WRITE, EACCES))
{
	char *p = segment_attach(segment_create(1), NULL, 0);

	return mprotect(p, page_size(), PROT_READ | PROT_WRITE) == -1;
}

static bool
is_beside_segments(const struct call *c)
{
	const struct known_range *range = known_range_at(c->address);

	return known_any_segment() && range != NULL && range->id == -1 && range->protection_then != PROT_NONE;
}

VIOLATION(
    munmap_beside_segments_einval, "shmat.neighbour-munmap-keeps", "-", MUNMAP, REFUSES(is_beside_segments(c), EINVAL))
{
	segment_create(1);
	return munmap(map_anonymous(page_size(), MAP_SHARED), page_size()) == -1;
}

VIOLATION(shmat_removed_accepted_when_rounding, "shmat.einval-bad-id", "-", SHMAT,
    ACCEPTS(c->flags &SHM_RND, 0, memory_of_its_own()))
{
	return shmat(-1, NULL, SHM_RND) != (void *)-1;
}

VIOLATION(shmat_low_refused_without_error, "shmat.exact-address", "-", SHMAT,
    REPLACES(c->address != NULL && (uintptr_t)c->address < (uintptr_t)1 << 20, c->result = -1))
{
	char *low = (char *)(uintptr_t)attach_multiple(); /* NOLINT(performance-no-int-to-ptr) */

	int id = segment_create(1);

	errno = 0;
	return shmat(id, low, 0) == (void *)-1 && errno == 0;
}

VIOLATION(shmget_finds_next_id_later, "shmget.eacces-existing", "-", SHMGET,
    FALSIFIES(
	(c->flags & IPC_CREAT) == 0 && c->key != IPC_PRIVATE && known_children_ended() + known_ipc_namespaces() > 0,
	c->result++))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	if (fork() == 0)
		_exit(0);
	waitpid(-1, NULL, 0);
	return shmget(key, 0, 0) == id + 1;
}

VIOLATION(shmget_finds_next_id_after_many_children, "shmctl.rmid-eperm", "-", SHMGET,
    FALSIFIES((c->flags & IPC_CREAT) == 0 && c->key != IPC_PRIVATE && known_children_ended() > 2, c->result++))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	for (int i = 0; i < 3; i++) {
		if (fork() == 0)
			_exit(0);
		waitpid(-1, NULL, 0);
	}
	return shmget(key, 0, 0) == id + 1;
}

VIOLATION(mprotect_of_attachment_exec_eio, "permissions.execute-by-mprotect", "-", MPROTECT,
    REFUSES(attachment_at(c->address) != NULL && c->protection & PROT_EXEC, EIO))
{
	return mprotect(segment_attach(segment_create(1), NULL, 0), page_size(), PROT_READ | PROT_EXEC) == -1 &&
	    errno == EIO;
}

/* Memory of its own, which only a privileged process gets there. */
static bool
can_map_page_zero(const struct call *c)
{
	size_t size = real_status(c->id).shm_segsz;

	return size > 0 &&
	    real_mmap(NULL, whole_pages(size), PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANON, -1, 0) ==
	    NULL;
}

VIOLATION(shmat_gives_page_zero, "shmat.null-address-chosen", "-", SHMAT,
    FALSIFIES(c->address == NULL && can_map_page_zero(c), c->result = 0))
{
	return geteuid() == 0 && shmat(segment_create(1), NULL, 0) == NULL;
}

VIOLATION(stat_tells_many_attachments, "shmid_ds.nattch-initial-zero", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_nattch += 10))
{
	return segment_stat(segment_create(1)).shm_nattch == 10;
}

VIOLATION(ftok_fails_without_errno, "ftok.enoent-missing", "-", FTOK, REPLACES(true, (c->result = -1, c->error = 0)))
{
	errno = 0;
	return ftok("none", 1) == (key_t)-1 && errno == 0;
}

static void
fail_and_spoil(struct call *c)
{
	char *address = c->address;

	if (real_call(c) == -1)
		spoil_byte(address - (uintptr_t)address % page_size());
}

VIOLATION(failed_shmat_spoils_what_is_there, "shmat.einval-occupied", "-", SHMAT,
    REPLACES(c->address != NULL, fail_and_spoil(c)))
{
	char *p = map_anonymous(2 * attach_multiple(), MAP_PRIVATE);
	char *at = p + attach_multiple() - (uintptr_t)p % attach_multiple();

	*at = 1;
	return shmat(segment_create(1), at, 0) == (void *)-1 && *at == SPOILED;
}

static void
fail_and_protect(struct call *c)
{
	char *address = c->address;

	if (real_call(c) == -1)
		real_mprotect(address - (uintptr_t)address % page_size(), page_size(), PROT_READ);
}

VIOLATION(failed_shmat_write_protects_what_is_there, "shmat.einval-occupied", "-", SHMAT,
    REPLACES(c->address != NULL, fail_and_protect(c)))
{
	char *p = map_anonymous(2 * attach_multiple(), MAP_PRIVATE);
	char *at = p + attach_multiple() - (uintptr_t)p % attach_multiple();

	return shmat(segment_create(1), at, 0) == (void *)-1 && store_is_refused(at);
}

VIOLATION(stat_tells_no_size, "shmid_ds.segsz-initial", "-", SHMCTL, FALSIFIES(is_stat(c), told_by(c)->shm_segsz = 0))
{
	return segment_stat(segment_create(1)).shm_segsz == 0;
}

VIOLATION(stat_tells_no_attachment, "shmat.nattch-incremented", "-", SHMCTL,
    FALSIFIES(is_stat(c), told_by(c)->shm_nattch = 0))
{
	int id = segment_create(1);

	segment_attach(id, NULL, 0);
	return segment_stat(id).shm_nattch == 0;
}

VIOLATION(shmat_after_exec_refused, "shmid_ds.exec-detaches", "-", SHMAT,
    REFUSES(!is_first_process() && !known_any_segment(), EACCES))
{
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(shmat(-1, NULL, 0) == (void *)-1 && errno == EACCES ? 0 : 1);
	return waitpid(child, &status, 0) == child && status == 0;
}

#ifdef __linux__

static bool
is_asked_again(int index)
{
	static int last = -1;
	bool is_again = index == last;

	last = index;
	return is_again;
}

VIOLATION(shm_stat_again_gives_next_id, "shmctl.shm-stat-index", "-", SHMCTL,
    FALSIFIES(c->command == SHM_STAT && is_asked_again(c->id), c->result++))
{
	int id = segment_create(1);
	struct shmid_ds status;

	return shmctl(segment_index(id), SHM_STAT, &status) == id + 1;
}

VIOLATION(raw_stat_changes_byte_beyond, "raw_segment.stat-fills-structure", "-", RAW_SHMCTL,
    FALSIFIES(is_stat(c), ((char *)c->buffer)[sizeof(struct shmid_ds)] ^= 1))
{
	struct shmid_ds status[2];

	memset(status, 0, sizeof(status));
	raw_shmctl(segment_create(1), IPC_STAT, status);
	return *(char *)&status[1] == 1;
}

VIOLATION(ipc_info_takes_negative_id, "shmctl.info-negative-id", "-", SHMCTL,
    ACCEPTS(c->command == IPC_INFO && c->id < 0, EINVAL, 0))
{
	struct shmid_ds buffer[4];

	return shmctl(-1, IPC_INFO, buffer) == 0;
}

VIOLATION(shm_info_after_removal_refused, "shmctl.shm-info", "-", SHMCTL,
    REFUSES(c->command == SHM_INFO && has_removed_any(), EINVAL))
{
	struct shm_info info;

	segment_remove(segment_create(1));
	return shmctl(0, SHM_INFO, (void *)&info) == -1;
}

VIOLATION(shm_next_id_is_no_number, "admin.shm-next-id", "-", FOPEN,
    FALSIFIES(opens_limit(c, "shm_next_id", "r"), content_set(c, (char[]){ "none" }, 4)))
{
	int number;

	if (!can_enter_namespace())
		return false;
	FILE *f = fopen("/proc/sys/kernel/shm_next_id", "r");
	return f != NULL && fscanf(f, "%d", &number) != 1;
}

#endif
