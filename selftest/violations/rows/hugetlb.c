/* SPDX-License-Identifier: BSD-2-Clause */

/* Segments of huge pages. The direct checks see nothing where root cannot have huge pages. */

#ifdef __linux__

#include "huge_pages.h"
#include "ipc.h"
#include "direct_check.h"
#include "segments.h"
#include "shmget.h"

static bool
is_huge(int id)
{
	return known_segment(id) != NULL && (known_segment(id)->flags & SHM_HUGETLB) != 0;
}

/* By root: others are refused before anything else is looked at. */
static bool
wants_huge(const struct call *c)
{
	return (c->flags & SHM_HUGETLB) != 0 && geteuid() == 0;
}

static int
huge_segment(unsigned pages)
{
	if (geteuid() != 0 || !has_huge_pages(pages))
		return -1;
	return segment_own(shmget(segment_key(), pages * huge_page_size(), IPC_CREAT | SHM_HUGETLB | 0600));
}

static char *
huge_attachment(unsigned pages)
{
	int id = huge_segment(pages);

	return id == -1 ? NULL : segment_attach(id, NULL, 0);
}

/* A free address at a multiple of the huge page, and one page more. */
static char *
address_inside_huge_page(void)
{
	size_t huge = huge_page_size();
	uintptr_t start = (uintptr_t)free_range(4 * huge);

	return (char *)((start / huge + 1) * huge + page_size());
}

static bool
create_gives(size_t size, int error)
{
	key_t key = segment_key();

	errno = 0;
	return shmget(key, size, IPC_CREAT | SHM_HUGETLB | 0600) == -1 && errno == error;
}

VIOLATION(shmget_hugetlb_gives_small_pages, "shmget.flag-hugetlb-ok", "-", SHMGET,
    CHANGES(wants_huge(c), c->flags &= ~SHM_HUGETLB))
{
	int id = huge_segment(1);

	return id != -1 && shmat(id, address_inside_huge_page(), 0) != (void *)-1;
}

VIOLATION(shmget_hugetlb_not_zero, "shmget.flag-hugetlb-ok", "-", SHMAT,
    FALSIFIES(is_huge(c->id) && !known_segment(c->id)->was_attached && (c->flags & SHM_RDONLY) == 0,
	*(char *)c->result = 'x'))
{
	char *p = huge_attachment(1);

	return p != NULL && *p == 'x';
}

VIOLATION(shmget_hugetlb_named_size_refused, "shmget.flag-hugetlb-ok", "-", SHMGET,
    REFUSES(wants_huge(c) && c->flags >> 26 != 0, EINVAL))
{
	return geteuid() == 0 && create_gives(0, EINVAL) &&
	    shmget(segment_key(), SIZE_MAX / 4, IPC_CREAT | SHM_HUGETLB | 21 << 26 | 0600) == -1 && errno == EINVAL;
}

VIOLATION(shmget_hugetlb_odd_size_refused, "shmget.flag-hugetlb-any-size", "-", SHMGET,
    REFUSES(wants_huge(c) && existing(c) == NULL && c->length % 2 == 1, EINVAL))
{
	return geteuid() == 0 && create_gives(SIZE_MAX / 4 / 4096 * 4096 + 1, EINVAL);
}

VIOLATION(shmget_hugetlb_rounds_size, "shmget.flag-hugetlb-any-size", "-", SHMCTL,
    FALSIFIES(is_stat(c) && is_huge(c->id), told_by(c)->shm_segsz = whole_pages(told_by(c)->shm_segsz)))
{
	int id = huge_segment(1);

	if (id == -1)
		return false;
	segment_remove(id);
	id = shmget(segment_key(), 1, IPC_CREAT | SHM_HUGETLB | 0600);
	return id != -1 && segment_stat(id).shm_segsz == page_size();
}

VIOLATION(shmget_hugetlb_too_many_enospc, "shmget.flag-hugetlb-no-pool", "B284", SHMGET,
    MISTAKES(wants_huge(c), ENOMEM, ENOSPC))
{
	return geteuid() == 0 && create_gives(SIZE_MAX / 4, ENOSPC);
}

static void
fail_but_create(struct call *c)
{
	real_shmget(c->key, 1, c->flags & ~SHM_HUGETLB);
	call_fail(c, ENOMEM);
}

VIOLATION(shmget_hugetlb_too_many_leaves_key, "shmget.flag-hugetlb-no-pool", "-", SHMGET,
    REPLACES(wants_huge(c) && is_plain_creation(c) && c->length > (size_t)1 << 30, fail_but_create(c)))
{
	key_t key = segment_key();

	return geteuid() == 0 && shmget(key, SIZE_MAX / 4, IPC_CREAT | SHM_HUGETLB | 0600) == -1 &&
	    shmget(key, 0, 0) != -1;
}

VIOLATION(shmget_hugetlb_size_zero_enomem, "shmget.flag-hugetlb-errors", "-", SHMGET,
    MISTAKES(wants_huge(c) && c->length == 0, EINVAL, ENOMEM))
{
	return geteuid() == 0 && create_gives(0, ENOMEM);
}

VIOLATION(shmget_hugetlb_ignores_excl, "shmget.flag-hugetlb-errors", "-", SHMGET,
    ACCEPTS(wants_huge(c) && existing(c) != NULL, EEXIST, existing(c)->id))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	return shmget(key, 1, IPC_CREAT | IPC_EXCL | SHM_HUGETLB | 0600) == id;
}

VIOLATION(shmget_hugetlb_finds_smaller, "shmget.flag-hugetlb-errors", "-", SHMGET,
    ACCEPTS(wants_huge(c) && existing(c) != NULL, EINVAL, existing(c)->id))
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 1, 0600);

	return shmget(key, 2 * page_size(), SHM_HUGETLB) == id;
}

VIOLATION(shmget_hugetlb_over_limit_enomem, "shmget.flag-hugetlb-enospc", "-", SHMGET,
    MISTAKES(wants_huge(c) && known_ipc_namespaces() > 0, ENOSPC, ENOMEM))
{
	if (!can_enter_namespace())
		return false;
	ipc_limit_set("shmall", 0);
	return create_gives(page_size(), ENOMEM);
}

VIOLATION(shmat_hugetlb_for_all, "shmget.flag-hugetlb-permission", "-", SHMAT,
    ACCEPTS(is_huge(c->id) && geteuid() != 0, EACCES, memory_of_its_own()))
{
	int id = huge_segment(1);

	return id != -1 && error_for(OTHER, error_of_attach, id, 0) == 0;
}

VIOLATION(shmctl_hugetlb_by_others_eacces, "shmget.flag-hugetlb-permission", "-", SHMCTL,
    MISTAKES(is_huge(c->id) && c->command == IPC_RMID, EPERM, EACCES))
{
	int id = huge_segment(1);

	return id != -1 && error_for(OTHER, error_of_control, id, IPC_RMID) == EACCES;
}

VIOLATION(shmat_hugetlb_refuses_rnd, "shmget.flag-hugetlb-attach", "-", SHMAT,
    REFUSES(is_huge(c->id) && (c->flags & SHM_RND) != 0, EINVAL))
{
	int id = huge_segment(1);

	return id != -1 && shmat(id, address_inside_huge_page() - page_size(), SHM_RND) == (void *)-1;
}

VIOLATION(shmat_hugetlb_inside_huge_page, "shmget.flag-hugetlb-attach", "-", SHMAT,
    ACCEPTS(is_huge(c->id) && (uintptr_t)c->address % page_size() == 0 && c->address != NULL, EINVAL,
	real_shmat(c->id, NULL, c->flags)))
{
	int id = huge_segment(1);

	return id != -1 && shmat(id, address_inside_huge_page(), 0) != (void *)-1;
}

VIOLATION(shmat_hugetlb_ignores_rdonly, "shmget.flag-hugetlb-attach", "-", SHMAT,
    CHANGES(is_huge(c->id) && (c->flags & SHM_RDONLY) != 0, c->flags &= ~SHM_RDONLY))
{
	int id = huge_segment(1);

	return id != -1 && !store_is_refused(segment_attach(id, NULL, SHM_RDONLY));
}

static bool
is_huge_attachment(const void *address)
{
	const struct known_range *range = known_range_at(address);

	return range != NULL && range->start == address && is_huge(range->id);
}

VIOLATION(shmdt_hugetlb_leaves_pages, "shmget.flag-hugetlb-detach", "-", SHMDT, SKIPS(is_huge_attachment(c->address)))
{
	char *p = huge_attachment(1);

	return p != NULL && shmdt(p) == 0 && !load_is_refused(p);
}

static void
clear_before_detach(struct call *c)
{
	memset(c->address, 0, page_size());
}

VIOLATION(shmdt_hugetlb_clears_page, "shmget.flag-hugetlb-detach", "-", SHMDT,
    CHANGES(is_huge_attachment(c->address) && (known_range_at(c->address)->flags & SHM_RDONLY) == 0,
	clear_before_detach(c)))
{
	int id = huge_segment(1);

	if (id == -1)
		return false;
	char *p = segment_attach(id, NULL, 0);
	*p = 'p';
	segment_detach(p);
	return *(char *)segment_attach(id, NULL, 0) == 0;
}

VIOLATION(shmat_hugetlb_not_shared, "shmget.flag-hugetlb-shared", "-", SHMAT,
    FALSIFIES(is_huge(c->id) && known_segment(c->id)->creator != getpid(),
	make_private((void *)c->result, known_segment(c->id)->size)))
{
	int id = huge_segment(1);
	pid_t child;

	if (id == -1)
		return false;
	char *p = segment_attach(id, NULL, 0);
	child = fork();
	if (child == 0) {
		*(char *)segment_attach(id, NULL, 0) = 'c';
		_exit(0);
	}
	return waitpid(child, NULL, 0) == child && *p == 0;
}

VIOLATION(shmctl_hugetlb_counts_no_heirs, "shmget.flag-hugetlb-shared", "-", SHMCTL,
    FALSIFIES(is_stat(c) && is_huge(c->id) && told_by(c)->shm_nattch > 2, told_by(c)->shm_nattch = 2))
{
	int id = huge_segment(1);

	for (int i = 0; i < 3 && id != -1; i++)
		segment_attach(id, NULL, 0);
	return id != -1 && segment_stat(id).shm_nattch == 2;
}

VIOLATION(shmctl_hugetlb_mode_has_flag, "shmget.flag-hugetlb-control", "-", SHMCTL,
    FALSIFIES(is_stat(c) && is_huge(c->id), told_by(c)->shm_perm.mode |= SHM_HUGETLB))
{
	int id = huge_segment(1);

	return id != -1 && (segment_stat(id).shm_perm.mode & SHM_HUGETLB) != 0;
}

VIOLATION(shmctl_hugetlb_ignores_set, "shmget.flag-hugetlb-control", "-", SHMCTL,
    SKIPS(c->command == IPC_SET && is_huge(c->id)))
{
	int id = huge_segment(1);

	if (id == -1)
		return false;
	struct shmid_ds status = segment_stat(id);
	status.shm_perm.mode = 0440;
	return shmctl(id, IPC_SET, &status) == 0 && segment_stat(id).shm_perm.mode == 0600;
}

/* One attachment more, that nobody knows of, keeps the pages. */
VIOLATION(hugetlb_pages_leak, "shmget.flag-hugetlb-control", "-", SHMCTL,
    CHANGES(c->command == IPC_RMID && is_huge(c->id) && known_attachments(c->id) > 0, real_shmat(c->id, NULL, 0)))
{
	int id = huge_segment(1);
	struct shmid_ds status;

	if (id == -1)
		return false;
	char *p = segment_attach(id, NULL, 0);
	segment_remove(id);
	segment_detach(p);
	return shmctl(id, IPC_STAT, &status) == 0;
}

#endif
