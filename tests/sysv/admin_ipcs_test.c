/* SPDX-License-Identifier: BSD-2-Clause */

/* The programs with which an administrator sees and removes segments: ipcs(1) and ipcrm(1). */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case.h"
#include "process.h"
#include "segment.h"

INTERFACE(admin, NEEDS_SEGMENTS)

static void
need_ipcs(void)
{
	bool works = system("ipcs -s >/dev/null 2>&1") == 0; /* NOLINT(cert-env33-c) */

	need(works, "needs ipcs(1), and processes to run it");
}

#define NEEDS_IPCS NEED("ipcs(1)", .ask = need_ipcs)

/* The line of ipcs that has the identifier as its second word, behind the key or a letter for segments. */
static bool
ipcs_line(int id, char *line, size_t size)
{
	FILE *output = popen("exec ipcs -m", "r"); /* the shell needs no second process */
	bool found = false;
	int seen;

	need(output != NULL, "needs more processes: popen() fails");
	while (!found && fgets(line, (int)size, output) != NULL)
		found = sscanf(line, "%*s %d", &seen) == 1 && seen == id;
	while (fgetc(output) != EOF)
		continue; /* or ipcs would be stopped */
	REQUIRE(pclose(output) == 0);
	return found;
}

CASE(ipcs_shows_segment, DOCUMENTED, "ipcs -m lists a segment with its identifier, and does not mark it as removed",
    "Linux ipcs(1)", "FreeBSD ipcs(1)", "NetBSD ipcs(1)", "macOS ipcs(1)", "OpenBSD ipcs(1)", "DragonFly ipcs(1)",
    "illumos ipcs(1)", NEEDS_IPCS)
{
	int id = segment_create(page_size());
	char line[512];
	segment_attach(id, NULL, 0);

	CHECK(ipcs_line(id, line, sizeof(line)));
	CHECK(strstr(line, "dest") == NULL);
}

CASE(ipcs_shows_segment__columns, DOCUMENTED,
    "The line of a segment has its type, m, its identifier, its key and its mode", "illumos ipcs(1)", NEEDS_IPCS)
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, page_size(), 0640);
	char line[512];
	char type[2];
	char key_shown[32];
	char mode[12];

	CHECK(ipcs_line(id, line, sizeof(line)));
	CHECK_EQ(3, sscanf(line, "%1s %*d %31s %11s", type, key_shown, mode));
	CHECK(strcmp(type, "m") == 0);
	CHECK_EQ((unsigned)key, (unsigned)strtoull(key_shown, NULL, 0));
	CHECK(strcmp(mode, "--rw-r-----") == 0);
}

CASE(ipcs_shows_segment__removed, OBSERVED, "ipcs -m marks a removed segment that is still attached as \"dest\"",
    "Linux util-linux sys-utils/ipcs.c do_shm()", NEEDS_PLATFORM(LINUX), NEEDS_IPCS)
{
	int id = segment_create(page_size());
	char line[512];
	segment_attach(id, NULL, 0);

	segment_remove(id);

	CHECK(ipcs_line(id, line, sizeof(line)));
	CHECK(strstr(line, "dest") != NULL);
	observed("ipcs-of-removed", "dest");
}

static void
need_ipcrm(void)
{
	bool is_there = system("command -v ipcrm >/dev/null 2>&1") == 0; /* NOLINT(cert-env33-c) */

	need(is_there, "needs ipcrm(1), and processes to run it");
}

#define NEEDS_IPCRM NEED("ipcrm(1)", .ask = need_ipcrm)

/* Whether ipcrm succeeds with this option, -m or -M, and its argument. */
static bool
ipcrm_succeeds(const char *option, long long argument)
{
	char command[64];

	snprintf(command, sizeof(command), "exec ipcrm %s %lld >/dev/null 2>&1", option, argument);
	return system(command) == 0; /* NOLINT(cert-env33-c) */
}

/* The segment is attached at p; ipcrm has been asked to remove it. */
static void
check_removed_by_last_detach(int id, key_t key, void *p)
{
	CHECK_FAILS(ENOENT, -1, shmget(key, 0, 0));
	CHECK_PATTERN(1, p, 2 * page_size());
	segment_detach(p);
	CHECK_DESTROYED(id);
}

CASE(ipcrm_removes_segment, DOCUMENTED,
    "ipcrm -m removes the segment with this identifier, which is destroyed after its last detach", "Linux ipcrm(1)",
    "FreeBSD ipcrm(1)", "NetBSD ipcrm(1)", "macOS ipcrm(1)", "OpenBSD ipcrm(1)", "DragonFly ipcrm(1)",
    "illumos ipcrm(1)", NEEDS_IPCRM)
{
	key_t key = segment_key();
	int id = segment_create_with_key(key, 2 * page_size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 2 * page_size());

	CHECK(ipcrm_succeeds("-m", id));

	check_removed_by_last_detach(id, key, p);
}

CASE(ipcrm_removes_segment__by_key, DOCUMENTED,
    "ipcrm -M removes the segment with this key, which is destroyed after its last detach", "Linux ipcrm(1)",
    "FreeBSD ipcrm(1)", "NetBSD ipcrm(1)", "macOS ipcrm(1)", "OpenBSD ipcrm(1)", "DragonFly ipcrm(1)",
    "illumos ipcrm(1)", NEEDS_IPCRM)
{
	key_t key = segment_key();
	while (key < 0)
		key = segment_key(); /* which is an argument that no program takes for an option */
	int id = segment_create_with_key(key, 2 * page_size(), 0600);
	char *p = segment_attach(id, NULL, 0);
	pattern_store(1, p, 2 * page_size());

	CHECK(ipcrm_succeeds("-M", key));

	check_removed_by_last_detach(id, key, p);
}

static void
try_to_remove(void *arg)
{
	CHECK(!ipcrm_succeeds("-m", *(int *)arg));
}

CASE(ipcrm_removes_segment__of_another_user, DOCUMENTED,
    "ipcrm fails for a user who is neither superuser nor creator or owner of the segment", "Linux ipcrm(1)",
    NEEDS_USERS, NEEDS_IPC_PRIVILEGES, NEEDS_IPCRM)
{
	int id = segment_create_with_key(segment_key(), page_size(), 0666);

	as_user(OTHER, try_to_remove, &id);
	segment_stat(id); /* which is still there */
}
