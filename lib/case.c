/* SPDX-License-Identifier: BSD-2-Clause */

#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/stat.h>

#include "case.h"
#include "declaration.h"
#include "expectation.h"
#include "guardian.h"
#include "platform/description.h"
#include "platform/file_system.h"
#include "process.h"
#include "program.h"
#include "record.h"
#include "volume.h"

/* In the order of definition. */
static struct test_case *first_case;
static struct test_case **last_case = &first_case;

void
case_register(struct test_case *c)
{
	*last_case = c;
	last_case = &c->next;
}

/*
 * What main() was called for: the list of cases, or one of them. To run one case, main() declares only that one to ATF, without
 * its metadata: to declare all of them would take half the time of a short case.
 */
static bool is_listing;
static const char *only_case;

static void
read_arguments(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		is_listing |= strcmp(argv[i], "-l") == 0;
	for (struct test_case *c = first_case; c != NULL && !is_listing && argc > 1; c = c->next) {
		size_t length = strlen(c->name);
		const char *asked = argv[argc - 1]; /* "name", "name:body" or "name:cleanup" */

		if (strncmp(asked, c->name, length) == 0 && (asked[length] == '\0' || asked[length] == ':'))
			only_case = c->name;
	}
}

/* Where the case is to make its files, instead of the directory that the runner has made for it; or "". */
static const char *
file_directory(const atf_tc_t *tc)
{
	return atf_tc_get_config_var_wd(tc, "file_directory", "");
}

/* ", files on ext4"; empty if the files are where they always are. Static memory. */
static const char *
description_of_files(const atf_tc_t *tc)
{
	static char text[96];
	char type[64];

	if (file_directory(tc)[0] == '\0' || text[0] != '\0')
		return text;
	file_system_type(file_directory(tc), type, sizeof(type));
	snprintf(text, sizeof(text), ", files on %s", type);
	return text;
}

static void
go_to_files(const atf_tc_t *tc)
{
	const char *directory = file_directory(tc);
	const struct rlimit no_core = { 0, 0 };

	if (directory[0] == '\0')
		return;
	if (chdir(directory) == -1)
		end_failed("cannot enter the file_directory '%s': %s", directory, errno_name(errno));
	setrlimit(RLIMIT_CORE, &no_core); /* what a crash leaves would stay there */
}

/* Properties that every ATF since 0.18 and NetBSD's atf-run accept; others would make them refuse the whole program. */
static void
head(atf_tc_t *tc)
{
	const struct test_case *c = (const struct test_case *)(const void *)tc;
	char text[DECLARATION_SIZE];

	if (only_case != NULL)
		return;
	atf_tc_set_md_var(tc, "descr", "%s", c->sentence);
	atf_tc_set_md_var(tc, "timeout", "%d", 120);
	atf_tc_set_md_var(tc, "X-level", "%s", level_name(c->level));
	atf_tc_set_md_var(tc, "X-requirement", "%s", requirement_of(c, text));
	atf_tc_set_md_var(tc, "X-source", "%s", sources_of(c, text));
	if (needs_of(c, text)[0] != '\0')
		atf_tc_set_md_var(tc, "X-needs", "%s", text);
	if (choices_of(c, text)[0] != '\0')
		atf_tc_set_md_var(tc, "X-choices", "%s", text);
	if (covered_by(c, text)[0] != '\0')
		atf_tc_set_md_var(tc, "X-covers", "%s", text);
	/* Kyua crashes at this property where the user has no account, as in containers; the need itself is asked anyway. */
	if (user_of(c) != NULL && getpwuid(getuid()) != NULL)
		atf_tc_set_md_var(tc, "require.user", "%s", user_of(c));
	/* Every case has it, so that the results of any run show the platform. */
	atf_tc_set_md_var(tc, "X-platform", "%s%s", platform_description(), description_of_files(tc));
}

/* Whatever ends the case: nothing and nobody of it stays. Also run by exit(), which is how ATF ends a case early. */
static void
end_everything(void)
{
	children_end();
	guardian_finish();
}

/* What every runner starts a case with, and some don't. */
static void
begin(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_IGN); /* a child that died is seen by the write that fails */
	signal(SIGXFSZ, SIG_IGN); /* and a limit on the size of files by EFBIG */
	signal(SIGSYS, SIG_IGN);  /* and a call that the kernel lacks, for which BSDs send it, by ENOSYS */
	umask(022);
	record_begin();
	atexit(end_everything);
}

/* A deviation or a defect that no longer occurs is news: its declaration is not true any more. */
_Noreturn static void
fail_for_success(void)
{
	static const char defect[] = "known defect";
	char reasons[1024];
	bool is_defect;

	snprintf(reasons, sizeof(reasons), "%s", expectation_reasons());
	expectation_drop();
	is_defect = strncmp(reasons, defect, strlen(defect)) == 0;
	record_fail("the %s no longer occurs: %s", is_defect ? defect : "documented deviation", reasons);
}

static void
end(void)
{
	unsigned left = children_end();

	record_receive();
	if (left > 0)
		check_failed(__FILE__, __LINE__, "the case left %u children running", left);
	if (!guardian_finish())
		check_failed(__FILE__, __LINE__, "something that the case made could not be removed");

	if (record_failures() == 0 && expectation_is_certain())
		fail_for_success();
	if (record_failures() == 0) {
		record_end();
		return;
	}
	if (record_failures() == 1)
		record_fail("%s", record_first());
	record_fail("%s (and %u more)", record_first(), record_failures() - 1);
}

/* The areas that the platform is claimed to have, "sysv,objects". */
static const char *claims = "";

static const atf_tc_t *running;

unsigned
configured_number(const char *name, unsigned otherwise, unsigned most)
{
	const char *text = atf_tc_get_config_var_wd(running, name, "");
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (text[0] == '\0')
		return otherwise;
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || number == 0 || number > most)
		end_failed("the configuration variable '%s' is a number from 1 to %u, not '%s'", name, most, text);
	return (unsigned)number;
}

static void
body(const atf_tc_t *tc)
{
	const struct test_case *c = (const struct test_case *)(const void *)tc;
	char sources[DECLARATION_SIZE];

	running = tc;
	claims = atf_tc_get_config_var_wd(tc, "require", "");
	begin();
	go_to_files(tc);
	volume_begin(configured_number("volume", 1, VOLUME_MAX));
	if (c->level == DOCUMENTED)
		need_promise(c);
	ask_for_needs(c);
	record_promise(c->sentence, sources_of(c, sources));
	choice_begin(c);
	c->body();
	end();
}

static atf_error_t
add_cases(atf_tp_t *tp)
{
	char **config = atf_tp_get_config(tp);
	atf_error_t error = atf_no_error();

	for (struct test_case *c = first_case; c != NULL && !atf_is_error(error); c = c->next) {
		if (only_case != NULL && only_case != c->name)
			continue;
		error = atf_tc_init(&c->tc, c->name, head, body, NULL, (const char *const *)config);
		if (!atf_is_error(error))
			error = atf_tp_add_tc(tp, &c->tc);
	}
	atf_utils_free_charpp(config);
	return error;
}

/* Of ATF's library; its header names it only in the macro that this file takes the place of. */
int atf_tp_main(int, char **, atf_error_t (*)(atf_tp_t *));

int
main(int argc, char **argv)
{
	program_main(argc, argv);
	read_arguments(argc, argv);
	return atf_tp_main(argc, argv, add_cases);
}

bool
area_is_claimed(const char *area)
{
	size_t length = strlen(area);

	for (const char *word = claims; *word != '\0'; word += strspn(word, ", ")) {
		size_t end = strcspn(word, ", ");

		if (end == length && strncmp(word, area, length) == 0)
			return true;
		word += end;
	}
	return false;
}
