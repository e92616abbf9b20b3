/* SPDX-License-Identifier: BSD-2-Clause */

/* shm_open() with SHM_ANON and shm_create_largepage() of FreeBSD. */

#include <fcntl.h>
#include <unistd.h>

#include "case.h"
#include "fault.h"
#include "mapping.h"
#include "object.h"
#include "platform/objects.h"
#include "process.h"

INTERFACE(shm_anon, NEEDS_OBJECTS)

static void
store_by_descriptor(void *descriptor)
{
	char *p = map_shared(*(int *)descriptor, 2 * page_size());

	p[2 * page_size() - 1] = 'c';
}

CASE(anon_creates, DOCUMENTED,
    "SHM_ANON creates an object of size zero without a name, which processes share by its descriptor",
    "FreeBSD shm_open(2)", COVERS("shm_open.anon shm_open.cloexec_anon"))
{
	int fd = shm_open(SHM_ANON, O_CREAT | O_RDWR, 0600);

	REQUIRE(fd != -1);
	CHECK_EQ(0, size_of(fd));
	CHECK_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD) & FD_CLOEXEC);
	set_size(fd, (off_t)(2 * page_size()));
	char *p = map_shared(fd, 2 * page_size());
	CHECK_BYTES(0, p, 2 * page_size());
	in_child(store_by_descriptor, &fd);
	CHECK_EQ('c', p[2 * page_size() - 1]);
}

CASE(anon_creates__flags_ignored, DOCUMENTED, "Flags beside O_RDWR make no difference to SHM_ANON",
    "FreeBSD shm_open(2)")
{
	static const int flags[] = { 0, O_CREAT, O_EXCL, O_CREAT | O_EXCL, O_TRUNC };

	for (size_t i = 0; i < nitems(flags); i++) {
		int fd = shm_open(SHM_ANON, O_RDWR | flags[i], 0600);

		CHECK_NE(-1, fd);
		CHECK_SUCCEEDS(ftruncate(fd, 1));
	}
}

CASE(anon_distinct, DOCUMENTED, "Each call with SHM_ANON creates an object of its own", "FreeBSD shm_open(2)")
{
	int one = shm_open(SHM_ANON, O_CREAT | O_RDWR, 0600);
	int two = shm_open(SHM_ANON, O_CREAT | O_RDWR, 0600);
	REQUIRE(one != -1);
	REQUIRE(two != -1);
	set_size(one, (off_t)page_size());
	CHECK_EQ(0, size_of(two));
	set_size(two, (off_t)page_size());

	pattern_store(1, map_shared(one, page_size()), page_size());

	CHECK_BYTES(0, map_shared(two, page_size()), page_size());
	CHECK_PATTERN(1, map_shared(one, page_size()), page_size());
}

CASE(anon_rdonly_einval, DOCUMENTED, "SHM_ANON with O_RDONLY fails with EINVAL", "FreeBSD shm_open(2)",
    COVERS("shm_open.anon_rdonly"))
{
	CHECK_FAILS(EINVAL, -1, shm_open(SHM_ANON, O_RDONLY, 0600));
	CHECK_FAILS(EINVAL, -1, shm_open(SHM_ANON, O_CREAT | O_RDONLY, 0600));
}

CASE(anon_has_no_name, DOCUMENTED, "SHM_ANON names no object that could be unlinked or renamed",
    "FreeBSD 13.0 shm_open(2)", COVERS("shm_rename.from_anon shm_rename.to_anon"))
{
	struct object o = object_create(page_size());
	struct object other = object_name();
	REQUIRE(shm_open(SHM_ANON, O_RDWR, 0600) != -1);

	CHECK_EQ(-1, shm_unlink(SHM_ANON));
	CHECK_EQ(-1, shm_rename(SHM_ANON, other.name, 0));
	CHECK_EQ(-1, shm_rename(o.name, SHM_ANON, 0));

	CHECK_FAILS(ENOENT, -1, shm_open(other.name, O_RDWR, 0));
	CHECK_EQ(page_size(), size_of(object_open(&o, O_RDONLY)));
}

#define NEEDS_LARGE_PAGES NEED("large pages", .ask = need_large_pages)

static void
need_large_pages(void)
{
	size_t sizes[8];
	int count = getpagesizes(sizes, 8);

	need(count != -1, "no large pages here: getpagesizes() fails with %s", errno_name(errno));
	need(count > 1, "no large pages here: getpagesizes() tells one size only");
}

/* Bytes of the smallest of the large pages, which has index 1. */
static size_t
large_page_size(void)
{
	size_t sizes[8] = { 0 };

	REQUIRE(getpagesizes(sizes, 8) > 1);
	return sizes[1];
}

/* An object of large pages that is empty; its descriptor. */
static int
create_empty_large(const char *name)
{
	int fd = shm_create_largepage(name, O_RDWR, 1, SHM_LARGEPAGE_ALLOC_NOWAIT, 0600);

	need(fd != -1 || errno != ENOTTY, "no objects of large pages here: shm_create_largepage() fails with ENOTTY");
	REQUIRE(fd != -1);
	return fd;
}

/* An object of one large page; its descriptor. */
static int
create_large_page(const char *name, size_t large)
{
	int fd = create_empty_large(name);
	int result = ftruncate(fd, (off_t)large);
	need(result == 0 || errno != ENOMEM, "no free memory in one piece of %zu bytes: ftruncate() fails with ENOMEM",
	    large);
	REQUIRE(result == 0);
	CHECK_EQ(large, size_of(fd));
	return fd;
}

CASE(largepage_create, DOCUMENTED,
    "shm_create_largepage() creates an object of large pages, to which ftruncate() gives memory that reads as zero",
    "FreeBSD 13.0 shm_open(2)", NEEDS_LARGE_PAGES)
{
	size_t large = large_page_size();

	char *p = map_shared(create_large_page(SHM_ANON, large), large);

	CHECK_BYTES(0, p, large);
	CHECK_STORE_OK(&p[0]);
	CHECK_STORE_OK(&p[large - 1]);
}

CASE(largepage_create__by_name, DOCUMENTED,
    "shm_open() opens an object of large pages by its name, and a mapping of part of a large page fails with EINVAL",
    "FreeBSD 13.0 shm_open(2)", NEEDS_LARGE_PAGES, COVERS("largepage.reopen"))
{
	size_t large = large_page_size();
	struct object o = object_name();
	o.fd = create_large_page(o.name, large);
	object_own(&o, o.fd);
	char *p = map_shared(o.fd, large);
	p[large - 1] = 'l';

	int fd = object_open(&o, O_RDWR);

	struct shm_largepage_conf conf = { .psind = -1, .alloc_policy = -1 };
	CHECK_SUCCEEDS(ioctl(fd, FIOGSHMLPGCNF, &conf));
	CHECK_EQ(1, conf.psind);
	CHECK_EQ(large, size_of(fd));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, page_size(), PROT_READ, MAP_SHARED, fd, 0));
	CHECK_EQ('l', ((char *)map_shared(fd, large))[large - 1]);
}

CASE(largepage_alignment_einval, DOCUMENTED,
    "munmap() and mprotect() of a part of a large page fail with EINVAL and change nothing", "FreeBSD 13.0 shm_open(2)",
    NEEDS_LARGE_PAGES, COVERS("largepage.munmap"))
{
	size_t large = large_page_size();
	char *p = map_shared(create_large_page(SHM_ANON, large), large);

	CHECK_FAILS(EINVAL, -1, munmap(p, page_size()));
	CHECK_FAILS(EINVAL, -1, munmap(&p[large - page_size()], page_size()));
	CHECK_FAILS(EINVAL, -1, mprotect(&p[page_size()], page_size(), PROT_READ));

	CHECK_STORE_OK(&p[0]);
	CHECK_STORE_OK(&p[page_size()]);
	CHECK_STORE_OK(&p[large - 1]);
}

CASE(largepage_parameters, DOCUMENTED,
    "ioctl() tells the size and the policy of an object of large pages "
    "by FIOGSHMLPGCNF, and sets another policy by FIOSSHMLPGCNF",
    "FreeBSD 13.0 shm_open(2)", NEEDS_LARGE_PAGES)
{
	int fd = create_empty_large(SHM_ANON);
	struct shm_largepage_conf conf = { .psind = -1, .alloc_policy = -1 };

	CHECK_SUCCEEDS(ioctl(fd, FIOGSHMLPGCNF, &conf));
	CHECK_EQ(1, conf.psind);
	CHECK_EQ(SHM_LARGEPAGE_ALLOC_NOWAIT, conf.alloc_policy);

	conf.alloc_policy = SHM_LARGEPAGE_ALLOC_DEFAULT;
	CHECK_SUCCEEDS(ioctl(fd, FIOSSHMLPGCNF, &conf));

	CHECK_SUCCEEDS(ioctl(fd, FIOGSHMLPGCNF, &conf));
	CHECK_EQ(1, conf.psind);
	CHECK_EQ(SHM_LARGEPAGE_ALLOC_DEFAULT, conf.alloc_policy);
}

/* The manual says that the policy alone can be changed; the source has the error. */
CASE(largepage_parameters__size_einval, DOCUMENTED,
    "FIOSSHMLPGCNF with another size of pages fails with EINVAL, and the object keeps size and policy",
    "FreeBSD 13.0 shm_open(2)", "FreeBSD sys/kern/uipc_shm.c shm_ioctl()", NEEDS_LARGE_PAGES)
{
	int fd = create_empty_large(SHM_ANON);
	struct shm_largepage_conf conf = { .psind = 0, .alloc_policy = SHM_LARGEPAGE_ALLOC_DEFAULT };

	CHECK_FAILS(EINVAL, -1, ioctl(fd, FIOSSHMLPGCNF, &conf));

	CHECK_SUCCEEDS(ioctl(fd, FIOGSHMLPGCNF, &conf));
	CHECK_EQ(1, conf.psind);
	CHECK_EQ(SHM_LARGEPAGE_ALLOC_NOWAIT, conf.alloc_policy);
}

CASE(largepage_parameters__ordinary_object, OBSERVED,
    "FIOGSHMLPGCNF and FIOSSHMLPGCNF of an object of ordinary pages fail with ENOTTY, and it stays ordinary",
    "FreeBSD 13.0 sys/kern/uipc_shm.c shm_ioctl()", NEEDS_PLATFORM(FREEBSD), NEEDS_LARGE_PAGES,
    COVERS("largepage.config"))
{
	struct object o = object_create(page_size());
	struct shm_largepage_conf conf = { .psind = 1, .alloc_policy = SHM_LARGEPAGE_ALLOC_DEFAULT };

	CHECK_FAILS(ENOTTY, -1, ioctl(o.fd, FIOSSHMLPGCNF, &conf));
	CHECK_FAILS(ENOTTY, -1, ioctl(o.fd, FIOGSHMLPGCNF, &conf));

	CHECK_SUCCEEDS(ftruncate(o.fd, (off_t)(2 * page_size())));
	CHECK_STORE_OK((char *)map_shared(o.fd, 2 * page_size()) + page_size());
	observed("large-pages-of-ordinary-object", "ENOTTY");
}

/* The call that shm_create_largepage() makes first gives such an object. */
CASE(largepage_parameters__not_set, OBSERVED,
    "An object of large pages whose parameters are not set has no size "
    "and cannot be mapped: EINVAL, until FIOSSHMLPGCNF sets them",
    "FreeBSD 13.0 sys/kern/uipc_shm.c shm_dotruncate_largepage()", "FreeBSD 13.0 sys/kern/uipc_shm.c shm_mmap_large()",
    NEEDS_PLATFORM(FREEBSD), NEEDS_LARGE_PAGES, COVERS("largepage.config"))
{
	const size_t large = large_page_size();
	int fd = raw_shm_open_largepage(O_CREAT | O_RDWR, 0600);
	struct shm_largepage_conf conf = { .psind = 1, .alloc_policy = SHM_LARGEPAGE_ALLOC_NOWAIT };
	need(fd != -1 || errno != ENOTTY, "no objects of large pages here: shm_open2() fails with ENOTTY");
	REQUIRE(fd != -1);

	CHECK_FAILS(EINVAL, -1, ftruncate(fd, (off_t)large));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, large, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
	CHECK_EQ(0, size_of(fd));

	CHECK_SUCCEEDS(ioctl(fd, FIOSSHMLPGCNF, &conf));
	CHECK_SUCCEEDS(ioctl(fd, FIOGSHMLPGCNF, &conf));
	CHECK_EQ(1, conf.psind);
	observed("large-pages-before-parameters", "EINVAL");
}

CASE(largepage_alignment_einval__other_calls, DOCUMENTED,
    "mlock(), madvise() and minherit() of a part of a large page fail with EINVAL, and of the whole they work",
    "FreeBSD 13.0 shm_open(2)", NEEDS_LARGE_PAGES, COVERS("largepage.madvise largepage.mlock largepage.minherit"))
{
	size_t large = large_page_size();
	char *p = map_shared(create_large_page(SHM_ANON, large), large);
	need_lockable(large);

	CHECK_FAILS(EINVAL, -1, mlock(p, page_size()));
	CHECK_FAILS(EINVAL, -1, madvise(&p[page_size()], page_size(), MADV_RANDOM));
	CHECK_FAILS(EINVAL, -1, minherit(&p[page_size()], page_size(), INHERIT_NONE));

	CHECK_SUCCEEDS(mlock(p, large));
	CHECK_SUCCEEDS(munlock(p, large));
	CHECK_SUCCEEDS(madvise(p, large, MADV_RANDOM));
	CHECK_SUCCEEDS(minherit(p, large, INHERIT_SHARE));
	CHECK_STORE_OK(&p[large - 1]);
}

CASE(largepage_alignment_einval__neighbours, DOCUMENTED,
    "mprotect() and munmap() of one of two large pages work and leave the other as it is", "FreeBSD 13.0 shm_open(2)",
    NEEDS_LARGE_PAGES, COVERS("largepage.mprotect largepage.basic"))
{
	size_t large = large_page_size();
	char *p = map_shared(create_large_page(SHM_ANON, 2 * large), 2 * large);
	CHECK_EQ(0, (uintptr_t)p % large);
	p[0] = 'a';
	p[large] = 'b';

	CHECK_SUCCEEDS(mprotect(p, large, PROT_READ));
	CHECK(store_is_refused(p));
	CHECK_STORE_OK(&p[large]);
	CHECK_SUCCEEDS(munmap(p, large));
	CHECK_UNMAPPED(p, page_size());
	CHECK_EQ('b', p[large]);
}

CASE(largepage_alignment_einval__mapping, DOCUMENTED,
    "A mapping of one large page and a part of the next fails with EINVAL, and so does one "
    "in the place of a part; in the place of a whole large page another mapping works",
    "FreeBSD 13.0 shm_open(2)", NEEDS_LARGE_PAGES, COVERS("largepage.mmap"))
{
	size_t large = large_page_size();
	int fd = create_large_page(SHM_ANON, 2 * large);
	char *p = map_shared(fd, 2 * large);
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
	p[large] = 'b';

	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(NULL, large + page_size(), PROT_READ, MAP_SHARED, fd, 0));
	CHECK_FAILS(EINVAL, MAP_FAILED, mmap(p, page_size(), PROT_READ, flags, -1, 0));
	CHECK_STORE_OK(p);
	CHECK_EQ(p, mmap(p, large, PROT_READ | PROT_WRITE, flags, -1, 0));
	CHECK_BYTES(0, p, page_size());
	CHECK_EQ('b', p[large]);
}

CASE(largepage_sync, OBSERVED,
    "msync() of a part of a large page works, one with MS_INVALIDATE works or fails with EBUSY or EINVAL; the data "
    "stay",
    "FreeBSD 13.0 sys/vm/vm_map.c vm_map_sync()", NEEDS_PLATFORM(FREEBSD), NEEDS_LARGE_PAGES, COVERS("largepage.msync"))
{
	size_t large = large_page_size();
	char *p = map_shared(create_large_page(SHM_ANON, large), large);
	pattern_store('l', p, large);

	CHECK_SUCCEEDS(msync(&p[page_size()], page_size(), MS_SYNC));
	CHECK_SUCCEEDS(msync(p, large, MS_SYNC));
	errno = 0;
	int result = msync(&p[page_size()], page_size(), MS_INVALIDATE);
	int error = errno;

	observed("invalidation-of-part", "%s", result == 0 ? "works" : errno_name(error));
	CHECK(result == 0 || error == EBUSY || error == EINVAL);
	CHECK_PATTERN('l', p, large);
	CHECK_STORE_OK(&p[large - 1]);
}

struct sending {
	int end; /* of a pipe */
	char *page;
	size_t size;
};

static void
send_page(void *arg)
{
	const struct sending *s = arg;

	for (size_t sent = 0; sent < s->size;) {
		ssize_t now = write(s->end, &s->page[sent], s->size - sent);

		REQUIRE(now > 0);
		sent += (size_t)now;
	}
}

CASE(largepage_create__pipe, DOCUMENTED, "A whole large page goes through a pipe by write()",
    "FreeBSD 13.0 shm_open(2)", NEEDS_LARGE_PAGES, COVERS("largepage.pipe"))
{
	size_t large = large_page_size();
	char *p = map_shared(create_large_page(SHM_ANON, large), large);
	char *received = map_anonymous(large, MAP_PRIVATE);
	int ends[2];
	REQUIRE(pipe(ends) == 0);
	pattern_store('l', p, large);
	struct sending s = { ends[1], p, large };
	struct child sender = child_start(send_page, &s);
	close(ends[1]);

	for (size_t got = 0; got < large;) {
		ssize_t now = read(ends[0], &received[got], large - got);

		REQUIRE(now > 0);
		got += (size_t)now;
	}
	child_exits(&sender);
	CHECK_PATTERN('l', received, large);
}
