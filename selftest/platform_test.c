/* SPDX-License-Identifier: BSD-2-Clause */

/* What lib/platform tells about the system that runs here. */

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "platform.h"
#include "platform/description.h"
#include "platform/compiler.h"
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

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, release_is_compared);
	ATF_TP_ADD_TC(tp, release_without_number);
	ATF_TP_ADD_TC(tp, version_of_this_system);
	ATF_TP_ADD_TC(tp, compiler_is_named);
	ATF_TP_ADD_TC(tp, description);
	return atf_no_error();
}
