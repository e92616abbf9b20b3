/* SPDX-License-Identifier: BSD-2-Clause */

/* How the exhaustive search of the explorer knows a world again: its hash, and the set of hashes. No system call is made. */

#include <string.h>

#include "hash_set.h"
#include "model/world.h"
#include "test.h"

/* More than a new set has room for, many times over. */
enum { MANY = 100000, ALIKE = 3000 };

/* Numbers that are different, and far from each other. */
static uint64_t
hash_of(uint64_t number)
{
	return (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

TEST(grows, "A set that grows keeps what is in it, and takes each hash once")
{
	struct hash_set s = { NULL, 0, 0 };

	for (uint64_t i = 0; i < MANY; i++)
		ATF_REQUIRE(hash_set_add(&s, hash_of(i)));
	ATF_CHECK_EQ(MANY, s.count);
	for (uint64_t i = 0; i < MANY; i++)
		ATF_REQUIRE(!hash_set_add(&s, hash_of(i)));
	ATF_CHECK_EQ(MANY, s.count);
	hash_set_free(&s);
	ATF_CHECK_EQ(0, s.count);
	ATF_CHECK(hash_set_add(&s, hash_of(0)));
	hash_set_free(&s);
}

TEST(all_bits, "Hashes that differ in one bit alone, whichever of the 64, are different")
{
	struct hash_set s = { NULL, 0, 0 };

	ATF_CHECK(hash_set_add(&s, UINT64_C(1) << 63 | 2));
	for (unsigned bit = 0; bit < 64; bit++)
		ATF_CHECK_MSG(hash_set_add(&s, (UINT64_C(1) << 63 | 2) ^ UINT64_C(1) << bit), "bit %u", bit);
	ATF_CHECK_EQ(65, s.count);
	hash_set_free(&s);
}

TEST(same_slot, "Hashes that belong in the same place of the table are all kept")
{
	struct hash_set s = { NULL, 0, 0 };

	for (uint64_t i = 0; i < ALIKE; i++)
		ATF_REQUIRE(hash_set_add(&s, i << 32 | 7));
	for (uint64_t i = 0; i < ALIKE; i++)
		ATF_REQUIRE(!hash_set_add(&s, i << 32 | 7));
	hash_set_free(&s);
}

TEST(zero, "The hash 0 is one like others, though the table marks what is free by it")
{
	struct hash_set s = { NULL, 0, 0 };

	ATF_CHECK(hash_set_add(&s, 0));
	ATF_CHECK(!hash_set_add(&s, 0));
	ATF_CHECK(hash_set_add(&s, 2));
	hash_set_free(&s);
}

/* Two segments, of which the first key has the one of this number. */
static struct world
two_segments(uint8_t first, uint8_t second)
{
	struct world w = world_at_start();

	ATF_REQUIRE_EQ(1, backing_create(&w, SEGMENT, 1));
	ATF_REQUIRE_EQ(2, backing_create(&w, SEGMENT, 1));
	w.backings[first].size = 100;
	w.backings[second].size = 200;
	w.keys[0] = first;
	w.keys[1] = second;
	w.processes[0].identifiers[0] = first;
	w.processes[0].views[3] = (struct view){ .is_mapped = true, .is_attachment = true, .backing = second };
	return w;
}

TEST(equal_worlds, "Worlds that differ in the numbers of their backings alone have one hash, in order")
{
	const struct world a = two_segments(1, 2);
	const struct world b = two_segments(2, 1);
	const struct world a_in_order = world_in_order(&a);
	const struct world b_in_order = world_in_order(&b);

	ATF_CHECK(!worlds_are_equal(&a, &b));
	ATF_CHECK(worlds_are_equal(&a_in_order, &b_in_order));
	ATF_CHECK_EQ(world_hash(&a_in_order), world_hash(&b_in_order));
	ATF_CHECK_EQ(100, b_in_order.backings[b_in_order.keys[0]].size);
	ATF_CHECK_EQ(200, b_in_order.backings[b_in_order.processes[0].views[3].backing].size);
	ATF_CHECK_EQ(b_in_order.keys[0], b_in_order.processes[0].identifiers[0]);
}

TEST(order_is_kept, "A world that is in order stays as it is, with identifiers of nothing")
{
	struct world a = two_segments(1, 2);
	struct world in_order;

	a.processes[0].identifiers[1] = IDENTIFIER_OF_NOTHING;
	in_order = world_in_order(&a);
	ATF_CHECK(worlds_are_equal(&a, &in_order));
}

/* What no two worlds of the search may share: a hash that leaves out a byte would have the search skip worlds. */
TEST(each_byte, "Worlds that differ in one bit have different hashes, wherever it is")
{
	const struct world start = world_at_start();
	struct hash_set s = { NULL, 0, 0 };

	ATF_CHECK(hash_set_add(&s, world_hash(&start)));
	for (unsigned i = 0; i < 8 * sizeof(start); i++) {
		struct world other = start;

		((unsigned char *)&other)[i / 8] ^= (unsigned char)(1U << i % 8);
		ATF_REQUIRE_MSG(hash_set_add(&s, world_hash(&other)), "byte %u", i / 8);
	}
	hash_set_free(&s);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, grows);
	ATF_TP_ADD_TC(tp, all_bits);
	ATF_TP_ADD_TC(tp, same_slot);
	ATF_TP_ADD_TC(tp, zero);
	ATF_TP_ADD_TC(tp, equal_worlds);
	ATF_TP_ADD_TC(tp, order_is_kept);
	ATF_TP_ADD_TC(tp, each_byte);
	return atf_no_error();
}
