/* SPDX-License-Identifier: BSD-2-Clause */

/* shmcheck-explore as its users call it: scripts, replay, shrinking, C programs. */

#include <stdio.h>
#include <unistd.h>

#include "explorer_run.h"
#include "test.h"

TEST(agrees, "Random rounds, and all short sequences, are as the model allows")
{
	find_top(tc);
	ATF_CHECK_EQ(0, explore("", "--operations 3000"));
	CHECK_HAS("output", "^# seed 1: [0-9]+ operations in [0-9]+ rounds$");
	ATF_CHECK_EQ(0, explore("", "--operations 2000 --unit 3 --seed 9 --coverage"));
	CHECK_HAS("output", "^# load ");
	ATF_CHECK_EQ(0, explore("", "--exhaustive 2 --area segments"));
	CHECK_HAS("output", "^# segments: [0-9]+ worlds by up to 2 operations; ");
}

TEST(areas, "All short sequences of an area find what is wrong there")
{
	static const struct {
		const char *area;
		const char *violation;
	} rows[] = {
		{ "segments", "shmget_ignores_excl" },
		{ "locks", "mlock_locks_nothing" },
		{ "fork", "fork_shares_memory_with_first_child" },
		{ "advice", "madvise_wipeonfork_ignored" },
		{ "programs", "posix_spawn_counts_program" },
	};
	char arguments[80];

	find_top(tc);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(arguments, sizeof(arguments), "--exhaustive 4 --operations 100000 --area %s", rows[i].area);
		ATF_CHECK_EQ_MSG(1, explore(violation(rows[i].violation), arguments), "%s", rows[i].violation);
		ATF_CHECK_MSG(operations_in("output") <= 5, "%s: %u operations", rows[i].area, operations_in("output"));
	}
}

TEST(repeats, "The same seed gives the same run")
{
	find_top(tc);
	ATF_CHECK_EQ(0, explore("", "--operations 2000 --coverage --seed 5"));
	ATF_CHECK_EQ(0, run("mv output first"));
	ATF_CHECK_EQ(0, explore("", "--operations 2000 --coverage --seed 5"));
	ATF_CHECK_EQ(0, run("cmp first output"));
}

TEST(turned_round, "A rule of the model that says the contrary is found, and the script is short")
{
	static const char *const rules[] = { "shmget_exclusive", "load_copy", "unlink_removes", "shmdt_detaches",
		"mprotect_protects", "exit_ends" };
	char arguments[128];

	find_top(tc);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		snprintf(arguments, sizeof(arguments), "--operations 20000 --turn-round %s", rules[i]);
		ATF_CHECK_EQ_MSG(1, explore("", arguments), "%s", rules[i]);
		ATF_CHECK_MSG(operations_in("output") <= 6, "%s: %u operations", rules[i], operations_in("output"));
	}
}

TEST(replays, "The script of a difference differs again with the violation, and holds without")
{
	find_top(tc);
	ATF_CHECK_EQ(1, explore(violation("shmget_ignores_excl"), "--operations 20000"));
	CHECK_HAS("output", "^p0 shmget key=0 size=.* flags=exclusive$");
	CHECK_HAS("output", "^#   allowed  fails with EEXIST: .*POSIX.1-2017 shmget\\(\\) ERRORS");
	CHECK_HAS("output", "^#   seen     gives .* identifier$");
	ATF_CHECK_EQ(2, operations_in("output"));
	ATF_REQUIRE_EQ(0, rename("output", "script"));
	ATF_CHECK_EQ(1, explore(violation("shmget_ignores_excl"), "--replay script"));
	ATF_CHECK_EQ(0, explore("", "--replay script"));
	CHECK_HAS("output", "^# 2 operations in 1 rounds: all is as allowed$");
}

/* Every operation. */
static const char every_operation[] = "p0 shmget key=0 size=unit flags=create\n"
				      "p0 shmat key=0 at=0 access=read-write\n"
				      "p0 store at=0 spot=first value=3\n"
				      "p0 ipc_stat key=0\n"
				      "p0 find_segment key=0\n"
				      "p0 peek_segment key=0 from=0 spot=first\n"
				      "p0 shm_open name=1 flags=create\n"
				      "p0 ftruncate descriptor=0 size=2units\n"
				      "p0 mmap at=2 units=2 of=0 from=0 sharing=shared access=read-write\n"
				      "p0 guard at=2 units=1\n"
				      "p0 unguard at=2 units=1\n"
				      "p0 find_object name=1\n"
				      "p0 peek_object name=1 from=1 spot=last\n"
				      "p0 open name=1 flags=create on-exec=kept\n"
				      "p0 pwrite descriptor=1 from=0 spot=middle value=2\n"
				      "p0 pread descriptor=1 from=0 spot=middle\n"
				      "p0 find_file name=1\n"
				      "p0 peek_file name=1 from=0 spot=middle\n"
				      "p0 fstat descriptor=1\n"
				      "p0 ipc_set key=0 mode=0644\n"
				      "p0 ipc_mode key=0\n"
				      "p0 fchmod descriptor=1 mode=0666\n"
				      "p0 fstat_mode descriptor=1\n"
				      "p0 fstat_times descriptor=1\n"
				      "p0 ipc_users key=0\n"
				      "p0 ipc_times key=0\n"
				      "p0 setfd descriptor=1 on-exec=closed\n"
				      "p0 dup descriptor=1\n"
				      "p0 getfd descriptor=1\n"
				      "p0 write descriptor=1 value=5\n"
				      "p0 lseek descriptor=2 where=start from=0 spot=first\n"
				      "p0 read descriptor=1\n"
				      "p0 close descriptor=2\n"
				      "p0 fork process=1\n"
				      "p1 mprotect at=2 units=1 access=read\n"
				      "p1 msync at=2 units=2\n"
				      "p1 mlock at=2 units=2\n"
				      "p1 msync at=2 units=2 flags=invalidate\n"
				      "p1 munlock at=2 units=1\n"
				      "p1 locked_bytes\n"
				      "p1 munmap at=2 units=2\n"
				      "p1 close descriptor=1\n"
				      "p1 shm_unlink name=1\n"
				      "p1 unlink name=1\n"
				      "p1 shmdt at=0\n"
				      "p1 ipc_rmid key=0\n"
				      "p1 fork process=2\n"
				      "p1 exit\n"
				      "p0 fork process=3\n"
				      "p0 kill process=3\n"
				      "p2 exec\n"
				      "p2 shmat key=0 at=0 access=read\n"
				      "p2 load at=0 spot=first\n"
				      "p0 load at=0 spot=first\n";

/* What a child of fork() lacks, and an object without a name. */
static const char advised[] = "p0 memfd_create on-exec=closed\n"
			      "p0 ftruncate descriptor=0 size=2units\n"
			      "p0 mmap at=0 units=2 of=0 from=0 sharing=shared access=read-write\n"
			      "p0 mmap at=2 units=1 of=anonymous from=0 sharing=private access=read-write\n"
			      "p0 mmap at=4 units=1 of=anonymous from=0 sharing=private access=read-write address=any\n"
			      "p0 store at=0 spot=first value=3\n"
			      "p0 store at=2 spot=first value=3\n"
			      "p0 store at=4 spot=first value=3\n"
			      "p0 madvise at=4 units=1 advice=dontneed\n"
			      "p0 madvise at=2 units=1 advice=wipeonfork\n"
			      "p0 madvise at=1 units=1 advice=dontfork\n"
			      "p0 fork process=1\n"
			      "p1 mmap at=1 units=1 of=anonymous from=0 sharing=private access=read address=hint\n"
			      "p1 store at=0 spot=first value=4\n"
			      "p1 exec\n"
			      "p1 fstat descriptor=0\n"
			      "p0 madvise at=1 units=1 advice=dofork\n"
			      "p0 fork process=2\n"
			      "p2 load at=2 spot=first\n"
			      "p2 load at=1 spot=first\n"
			      "p0 load at=0 spot=first\n";

static const char among_signals[] = "p0 shm_open name=0 flags=create signals=1\n"
				    "p0 ftruncate descriptor=0 size=2units signals=1\n"
				    "p0 mmap at=0 units=2 of=0 from=0 sharing=shared access=read-write signals=1\n"
				    "p0 fork process=1 signals=1\n"
				    "p1 store at=1 spot=last value=3\n"
				    "p1 mlock at=0 units=2 signals=1\n"
				    "p1 munmap at=0 units=2 signals=1\n"
				    "p0 load at=1 spot=last\n"
				    "p0 msync at=0 units=2 signals=1\n";

static const char parts_of_attachments[] = "p0 shmget key=0 size=3units flags=create\n"
					   "p0 shmat key=0 at=0 access=read-write address=any\n"
					   "p0 store at=1 spot=first value=7\n"
					   "p0 munmap at=1 units=1\n"
					   "p0 shmat key=0 at=3 access=read-write\n"
					   "p0 munmap at=3 units=1\n"
					   "p0 mprotect at=5 units=1 access=read\n"
					   "p0 mmap at=5 units=1 of=anonymous from=0 sharing=private access=read\n"
					   "p0 shmdt at=0\n"
					   "p0 shmdt at=3\n"
					   "p0 shmat key=0 at=2 access=read\n"
					   "p0 load at=3 spot=first\n";

static const char started_programs[] = "p0 shmget key=0 size=unit flags=create\n"
				       "p0 shmat key=0 at=0 access=read-write\n"
				       "p0 open name=0 flags=create on-exec=kept\n"
				       "p0 msync at=0 units=1 flags=async\n"
				       "p0 spawn process=1\n"
				       "p1 ipc_users key=0\n"
				       "p1 vfork process=2 signals=1\n"
				       "p2 vfork_exit\n"
				       "p2 shmat key=0 at=1 access=read-write\n"
				       "p2 store at=1 spot=first value=3\n"
				       "p1 exit\n"
				       "p2 fstat descriptor=0\n"
				       "p0 ipc_users key=0\n"
				       "p0 load at=0 spot=first\n"
				       "p0 spawn process=3\n"
				       "p0 kill process=3\n"
				       "p0 ipc_stat key=0\n";

/* The same memory is at several addresses. */
static const char chosen_addresses[] =
    "p0 shmget key=0 size=unit+1 flags=create\n"
    "p0 shmat key=0 at=0 access=read-write address=any\n"
    "p0 mmap at=2 units=2 of=anonymous from=0 sharing=shared access=read-write address=any\n"
    "p0 fork process=1\n"
    "p1 store at=1 spot=first value=5\n"
    "p1 munmap at=3 units=1\n"
    "p0 shmdt at=0\n"
    "p0 shmat key=0 at=0 access=read\n"
    "p0 load at=1 spot=first\n"
    "p0 mmap at=4 units=2 of=anonymous from=0 sharing=private access=read address=neighbour\n";

/* The program holds; with the violation, if there is one, it does not. */
static void
check_program(const char *script, const char *name)
{
	atf_utils_create_file("script", "%s", script);
	ATF_CHECK_EQ(0, explore("", "--c script"));
	ATF_REQUIRE_EQ(0, rename("output", "program.c"));
	ATF_REQUIRE_EQ(0, run("${CC:-cc} -std=c11 -Wall -Wextra -Werror -o program program.c -lrt"));
	ATF_CHECK_EQ(0, run("./program"));
	if (name != NULL)
		ATF_CHECK_EQ(1, run("%s ./program", violation(name)));
}

TEST(orphans, "There is no C program for a script in which a process exits that nobody waits for")
{
	find_top(tc);
	atf_utils_create_file("script", "p0 fork process=1\np1 fork process=2\np1 exit\np2 exit\n");
	ATF_CHECK_EQ(2, explore("", "--c script"));
	CHECK_HAS("errors", "^shmcheck-explore: there is no C program for a script in which a process exits whose ");
}

TEST(c_programs, "A script becomes a C program, which exits with 1 where the platform is wrong")
{
	find_top(tc);
	if (run("command -v ${CC:-cc}") != 0)
		atf_tc_skip("needs a C compiler");
	check_program(
	    "p0 shmget key=0 size=1 flags=create\np0 shmget key=0 size=0 flags=exclusive\n", "shmget_ignores_excl");
	check_program("p0 mmap at=0 units=1 of=anonymous from=0 sharing=shared access=read-write\n"
		      "p0 fork process=1\n"
		      "p1 fork process=2\n"
		      "p2 store at=0 spot=last value=4\n"
		      "p1 exit\n"
		      "p0 load at=0 spot=last\n",
	    NULL);
	check_program(every_operation, NULL);
	check_program("p0 shmget key=0 size=unit flags=create\n"
		      "p0 mmap at=0 units=2 of=anonymous from=0 sharing=shared access=read-write\n"
		      "p0 shmat key=0 at=0 access=read-write address=replace\n"
		      "p0 shmat key=0 at=2 access=read address=replace-any\n"
		      "p0 shmat key=0 at=2 access=read address=unaligned\n"
		      "p0 shmat key=0 at=2 access=read-write address=round\n",
	    "shmat_rnd_refused");
	check_program(parts_of_attachments, NULL);
	check_program(among_signals, NULL);
	check_program(advised, NULL);
	check_program("p0 shmget key=0 size=1 flags=private\n"
		      "p0 shmget key=1 size=1 flags=private\n"
		      "p0 fork process=1\n"
		      "p0 shmat key=0 at=0 access=read-write\n"
		      "p1 shmat key=1 at=0 access=read\n"
		      "p0 store at=0 spot=first value=1\n"
		      "p1 load at=0 spot=first\n",
	    "shmget_private_segments_share_memory");
	check_program("p0 mmap at=0 units=1 of=anonymous from=0 sharing=private access=read-write\n"
		      "p0 store at=0 spot=first value=1\n"
		      "p0 madvise at=0 units=1 advice=wipeonfork\n"
		      "p0 fork process=1\n"
		      "p1 fork process=2\n"
		      "p2 load at=0 spot=first\n",
	    NULL);
	check_program(started_programs, "posix_spawn_counts_program");
	check_program("p0 mmap at=0 units=1 of=anonymous from=0 sharing=shared access=read-write\n"
		      "p0 store at=0 spot=first value=1\n"
		      "p0 vfork process=1\n"
		      "p0 load at=0 spot=first\n",
	    "exec_of_borrower_unmaps");
	check_program("p0 mmap at=0 units=1 of=anonymous from=0 sharing=shared access=read-write\n"
		      "p0 vfork_exit\n"
		      "p0 load at=0 spot=first\n",
	    "exit_of_borrower_unmaps");
	check_program(chosen_addresses, "mmap_hint_in_use_refused");
	check_program("p0 mmap at=0 units=2 of=anonymous from=0 sharing=shared access=read-write\n"
		      "p0 mlock at=0 units=2\n"
		      "p0 locked_bytes\n",
	    "mlock_locks_nothing");
	check_program("p0 exec\n", NULL);
	check_program("p0 shmget key=0 size=1 flags=create\n"
		      "p0 shmat key=0 at=0 access=read\n"
		      "p0 exec\n"
		      "p0 load at=0 spot=first\n",
	    "exec_keeps_attachment");
	check_program("p0 open name=0 flags=create on-exec=kept\n"
		      "p0 exec\n"
		      "p0 fork process=1\n"
		      "p1 exec\n"
		      "p0 fstat descriptor=0\n"
		      "p1 fstat descriptor=0\n",
	    NULL);
	check_program("p0 shm_open name=0 flags=create\n"
		      "p0 exec\n"
		      "p0 shm_open name=0 flags=read-write\n"
		      "p0 ftruncate descriptor=0 size=1\n"
		      "p0 fstat descriptor=0\n",
	    NULL);
	check_program("p0 mmap at=0 units=1 of=anonymous from=0 sharing=private access=read-write\n"
		      "p0 fork process=1\n"
		      "p0 store at=0 spot=first value=1\n"
		      "p1 load at=0 spot=first\n",
	    "fork_shares_memory_with_first_child");
}

TEST(status, "What status calls and descriptors tell wrongly is found by a script, and by its C program")
{
	static const struct {
		const char *violation;
		const char *script;
	} rows[] = {
		{ "shmat_leaves_lpid",
		    "p0 shmget key=0 size=1 flags=create\np0 shmat key=0 at=0 access=read\np0 ipc_users key=0\n" },
		{ "exit_leaves_dtime",
		    "p0 shmget key=0 size=1 flags=create\np0 fork process=1\np1 shmat key=0 at=0 access=read\np1 exit\n"
		    "p0 ipc_times key=0\n" },
		{ "shm_open_ignores_umask",
		    "p0 shm_open name=0 flags=exclusive mode=0666\np0 fstat_mode descriptor=0\n" },
		{ "shm_open_existing_without_cloexec",
		    "p0 shm_open name=0 flags=create\np0 shm_open name=0 flags=read-write\np0 exec\n"
		    "p0 fstat descriptor=1\n" },
		{ "shmctl_set_changes_creator_with_owner",
		    "p0 shmget key=0 size=1 flags=create\np0 ipc_set key=0 mode=0600 owner=other\np0 ipc_mode "
		    "key=0\n" },
		{ "msync_rewinds_descriptor",
		    "p0 open name=0 flags=create\np0 write descriptor=0 value=1\n"
		    "p0 mmap at=0 units=1 of=0 from=0 sharing=shared access=read\np0 msync at=0 units=1\n"
		    "p0 lseek descriptor=0 where=offset from=0 spot=first\n" },
	};

	find_top(tc);
	if (run("command -v ${CC:-cc}") != 0)
		atf_tc_skip("needs a C compiler");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_program(rows[i].script, rows[i].violation);
		ATF_CHECK_EQ_MSG(1, explore(violation(rows[i].violation), "--replay script"), "%s", rows[i].violation);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, agrees);
	ATF_TP_ADD_TC(tp, areas);
	ATF_TP_ADD_TC(tp, repeats);
	ATF_TP_ADD_TC(tp, turned_round);
	ATF_TP_ADD_TC(tp, replays);
	ATF_TP_ADD_TC(tp, c_programs);
	ATF_TP_ADD_TC(tp, orphans);
	ATF_TP_ADD_TC(tp, status);
	return atf_no_error();
}
