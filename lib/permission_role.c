/* SPDX-License-Identifier: BSD-2-Clause */

#include "check.h"
#include "names.h"
#include "permission_role.h"
#include "platform.h"
#include "process.h"
#include "segment.h"

const struct role role_owner = { "the owner", OWNER, SUPERUSER, OWNER, BITS_OF_USER, false };
const struct role role_creator = { "the creator, who gave it away", OWNER, OWNER, OTHER, BITS_OF_USER, false };
const struct role role_member = { "a member of the group", GROUP_MEMBER, SUPERUSER, OWNER, BITS_OF_GROUP, false };
const struct role role_creators_group = { "a member of the creator's group", GROUP_MEMBER, OWNER, OTHER, BITS_OF_GROUP,
	false };
const struct role role_third_party = { "a third party", OTHER, SUPERUSER, OWNER, BITS_OF_OTHERS, false };
const struct role role_root = { "root, who neither made nor owns it", SUPERUSER, OWNER, OTHER, BITS_OF_OTHERS, true };

static void
create_all(void *arg)
{
	const struct role_segments *all = arg;

	for (int bits = 0; bits < BIT_VALUES; bits++)
		segment_create_with_key(all->with_bits[bits].key, page_size(), 0600);
}

struct role_segments
role_segments_create(const struct role *role)
{
	struct role_segments all = { .role = role };

	for (int bits = 0; bits < BIT_VALUES; bits++)
		all.with_bits[bits].key = segment_key();
	as_user(role->creator, create_all, &all);
	for (int bits = 0; bits < BIT_VALUES; bits++) {
		struct role_segment *s = &all.with_bits[bits];

		s->id = shmget(s->key, 0, 0);
		REQUIRE(s->id != -1);
		s->mode = mode_of_class(role->class, bits);
		char *p = segment_attach(s->id, NULL, 0);
		*p = 'x';
		segment_detach(p);
		segment_give(s->id, role->owner, role->owner, s->mode);
		s->before = segment_stat(s->id);
	}
	return all;
}

void
check_role_error(const char *file, int line, const struct role_segment *s, const struct role *role, const char *call,
    int expected, int error)
{
	if (error != expected)
		check_failed(file, line, "mode %04o, %s: %s gives %s, expected %s", (unsigned)s->mode, role->name, call,
		    errno_name(error), errno_name(expected));
}
