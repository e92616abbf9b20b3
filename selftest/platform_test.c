/* SPDX-License-Identifier: BSD-2-Clause */

/* What lib/platform tells about the system that runs here. */

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <sys/wait.h>

#include "platform.h"
#include "platform/capability_mode.h"
#include "platform/compiler.h"
#include "platform/description.h"
#include "platform/entropy.h"
#include "platform/errno.h"
#include "platform/objects.h"
#include "platform/overcommit.h"
#include "platform/resource_control.h"
#include "platform/sysctl.h"
#include "platform/unistd.h"
#include "test.h"

TEST(release_is_compared, "A release is compared by its major and its minor number, whatever follows them")
{
	ATF_CHECK(release_is_at_least("5.14.0-427.el9.x86_64", 5, 14));
	ATF_CHECK(!release_is_at_least("5.10.0", 5, 14));
	ATF_CHECK(release_is_at_least("6.1.0-28-amd64", 5, 14));
	ATF_CHECK(!release_is_at_least("4.20", 5, 1));
	ATF_CHECK(release_is_at_least("14.1-RELEASE-p3", 14, 1));
	ATF_CHECK(!release_is_at_least("14.1-RELEASE-p3", 14, 2));
	ATF_CHECK(release_is_at_least("10.99.4", 10, 99));
	ATF_CHECK(release_is_at_least("7", 7, 0));
	ATF_CHECK(!release_is_at_least("7", 7, 1));
	ATF_CHECK(!release_is_at_least("2.6.60+", 3, 0));
}

TEST(release_without_number, "A release that tells no number counts as new enough")
{
	ATF_CHECK(release_is_at_least("", 5, 14));
	ATF_CHECK(release_is_at_least("snv_151a", 5, 14));
}

TEST(version_of_this_system, "This system is at least version 0.0, and not yet the last that there can be")
{
	ATF_CHECK(platform_is_at_least(0, 0));
	ATF_CHECK(!platform_is_at_least(UINT_MAX, UINT_MAX));
}

TEST(compiler_is_named, "The compiler has a name and a version")
{
	const char *version = strrchr(platform_compiler(), ' ');

	ATF_REQUIRE(version != NULL && version != platform_compiler());
	ATF_CHECK(isdigit((unsigned char)version[1]));
}

TEST(description, "The line that describes the platform names the C library, the compiler and the page size")
{
	char size[40];

	(void)snprintf(size, sizeof(size), ", page size %zu", page_size());
	ATF_CHECK(strstr(platform_description(), platform_libc()) != NULL);
	ATF_CHECK(strstr(platform_description(), platform_compiler()) != NULL);
	ATF_CHECK(strstr(platform_description(), size) != NULL);
}

TEST(system_is_one, "The system is one of those that have a name, and no other one")
{
	unsigned systems = 0;

	for (unsigned bit = LINUX; bit <= OTHER_PLATFORM; bit <<= 1)
		systems += platform_is(bit);
	ATF_CHECK_EQ(1, systems);
	ATF_CHECK(platform_is(platform()));
	ATF_CHECK(platform_name(platform())[0] != '\0');
	ATF_CHECK(!platform_is(GLIBC | MUSL) || platform_is(LINUX));
}

TEST(unknown_numbers, "A number of sysctl() or a resource control that does not exist is told to be missing")
{
	unsigned long long number;

	ATF_CHECK(!sysctl_number("shmcheck.no-such-number", &number));
	ATF_CHECK(!resource_control("shmcheck.no-such-control", &number));
}

TEST(stand_in_numbers,
    "What stands in for an error is no result of a call, and errors that a system adds have their names")
{
	ATF_CHECK(EOWNERDEAD != -1);
	ATF_CHECK(ENOTRECOVERABLE != -1);
	ATF_CHECK_STREQ("EDQUOT", errno_name_of_some(EDQUOT));
	ATF_CHECK_EQ(NULL, errno_name_of_some(EINVAL));
	ATF_CHECK_EQ(NULL, errno_name_of_some(0));
}

TEST(entropy, "Random bytes differ from call to call, and all of them are stored")
{
	unsigned char bytes[2][64] = { { 0 } };

	ATF_CHECK(system_entropy(bytes[0], sizeof(bytes[0])));
	ATF_CHECK(system_entropy(bytes[1], sizeof(bytes[1])));
	ATF_CHECK(memcmp(bytes[0], bytes[1], sizeof(bytes[0])) != 0);
	for (size_t i = 0; i < 2; i++)
		ATF_CHECK(memcmp(bytes[i] + 32, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16) != 0);
}

TEST(overcommit, "The setting of overcommitted memory is one of three")
{
	ATF_CHECK(overcommit_mode() >= 0);
	ATF_CHECK(overcommit_mode() <= 2);
}

TEST(descriptors_closed, "close_from() closes this descriptor and those above, and none below")
{
	int status;

	ATF_REQUIRE(dup2(STDERR_FILENO, 20) == 20 && dup2(STDERR_FILENO, 21) == 21 && dup2(STDERR_FILENO, 200) == 200);
	pid_t child = fork();
	if (child == 0) {
		close_from(21);
		_exit(fcntl(20, F_GETFD) != -1 && fcntl(21, F_GETFD) == -1 && fcntl(200, F_GETFD) == -1 ? 0 : 1);
	}
	ATF_REQUIRE_EQ(child, waitpid(child, &status, 0));
	ATF_CHECK_EQ(0, status);
}

TEST(stand_ins_fail, "On Linux the calls of BSDs fail with ENOSYS")
{
	char name[] = "/shmcheck.XXXXXX";
	size_t size;

	if (!platform_is(LINUX))
		atf_tc_skip("this system has some of them");
	ATF_CHECK_ERRNO(ENOSYS, minherit(name, 1, INHERIT_NONE) == -1);
	ATF_CHECK_ERRNO(ENOSYS, netbsd_mremap(name, 1, NULL, 1, MAP_REMAPDUP) == MAP_FAILED);
	ATF_CHECK_ERRNO(ENOSYS, shm_mkstemp(name) == -1);
	ATF_CHECK_ERRNO(ENOSYS, shm_rename(name, name, SHM_RENAME_NOREPLACE) == -1);
	ATF_CHECK_ERRNO(ENOSYS, shm_create_largepage(name, 0, 0, SHM_LARGEPAGE_ALLOC_DEFAULT, 0) == -1);
	ATF_CHECK_ERRNO(ENOSYS, getpagesizes(&size, 1) == -1);
	ATF_CHECK_ERRNO(ENOSYS, cap_enter() == -1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, release_is_compared);
	ATF_TP_ADD_TC(tp, release_without_number);
	ATF_TP_ADD_TC(tp, version_of_this_system);
	ATF_TP_ADD_TC(tp, compiler_is_named);
	ATF_TP_ADD_TC(tp, description);
	ATF_TP_ADD_TC(tp, system_is_one);
	ATF_TP_ADD_TC(tp, unknown_numbers);
	ATF_TP_ADD_TC(tp, stand_in_numbers);
	ATF_TP_ADD_TC(tp, entropy);
	ATF_TP_ADD_TC(tp, overcommit);
	ATF_TP_ADD_TC(tp, descriptors_closed);
	ATF_TP_ADD_TC(tp, stand_ins_fail);
	return atf_no_error();
}
