/* SPDX-License-Identifier: BSD-2-Clause */

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "case.h"
#include "guardian.h"
#include "platform/description.h"
#include "process.h"
#include "program.h"
#include "record.h"

/* In the order of definition. */
static struct test_case *first_case;
static struct test_case **last_case = &first_case;

void
case_register(struct test_case *c)
{
	*last_case = c;
	last_case = &c->next;
}

static const char *
level_name(enum level level)
{
	switch (level) {
	case SHALL:
		return "SHALL";
	case DOCUMENTED:
		return "DOCUMENTED";
	case MAY:
		return "MAY";
	case OBSERVED:
		break;
	}
	return "OBSERVED";
}

static bool
starts_with(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

/* An ALSO("id") among the sources. */
static bool
is_also(const char *source)
{
	return starts_with(source, "also ");
}

static void
append(char *text, size_t size, const char *separator, const char *more)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s", used == 0 ? "" : separator, more);
}

/* shmget and excl_existing_key__twice: shmget.excl-existing-key. */
static void
requirement_of(const struct test_case *c, char *text, size_t size)
{
	const char *variant = strstr(c->name, "__");
	int length = variant == NULL ? (int)strlen(c->name) : (int)(variant - c->name);
	int start = snprintf(text, size, "%s.", c->interface);

	snprintf(text + start, size - (size_t)start, "%.*s", length, c->name);
	for (char *at = text + start; *at != '\0'; at++)
		if (*at == '_')
			*at = '-';
	for (const char *const *source = c->sources; *source != NULL; source++)
		if (is_also(*source))
			append(text, size, " ", *source + strlen("also "));
}

static void
sources_of(const struct test_case *c, char *text, size_t size)
{
	text[0] = '\0';
	for (const char *const *source = c->sources; *source != NULL; source++)
		if (!is_also(*source))
			append(text, size, "; ", *source);
}

/*
 * What main() was called for: the list of cases, or one of them. To run one, that one alone needs to be known to ATF, and
 * nothing needs to be known of it: half the time of a short case would go into telling ATF about the others.
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

/* Properties that every ATF since 0.18 and NetBSD's atf-run accept; others would make them refuse the whole program. */
static void
head(atf_tc_t *tc)
{
	const struct test_case *c = (const struct test_case *)(const void *)tc;
	char requirement[256];
	char sources[1024];

	if (only_case != NULL)
		return;
	requirement_of(c, requirement, sizeof(requirement));
	sources_of(c, sources, sizeof(sources));
	atf_tc_set_md_var(tc, "descr", "%s", c->sentence);
	atf_tc_set_md_var(tc, "timeout", "%d", 120);
	atf_tc_set_md_var(tc, "X-level", "%s", level_name(c->level));
	atf_tc_set_md_var(tc, "X-requirement", "%s", requirement);
	atf_tc_set_md_var(tc, "X-source", "%s", sources);
	/* With every case, so that whatever is run of the suite, and by whatever, the results tell where that was. */
	atf_tc_set_md_var(tc, "X-platform", "%s", platform_description());
}

static bool
is_promised_here(const struct test_case *c)
{
	for (const char *const *source = c->sources; *source != NULL; source++)
		if (starts_with(*source, "POSIX") || starts_with(*source, "ISO") ||
		    starts_with(*source, platform_name(platform())))
			return true;
	return false;
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

static void
end(void)
{
	char gone[1024];
	unsigned left = children_end();

	record_receive();
	if (left > 0)
		check_failed(__FILE__, __LINE__, "the case left %u children running", left);
	if (!guardian_finish())
		check_failed(__FILE__, __LINE__, "something that the case made could not be removed");

	if (record_failures() == 0 && record_expected()[0] != '\0') {
		snprintf(gone, sizeof(gone), "%s", record_expected());
		record_expect_failure("");
		record_fail("the documented deviation has gone: %s", gone);
	}
	if (record_failures() == 0) {
		record_end();
		return;
	}
	if (record_failures() == 1)
		record_fail("%s", record_first());
	record_fail("%s (and %u more)", record_first(), record_failures() - 1);
}

static void
body(const atf_tc_t *tc)
{
	const struct test_case *c = (const struct test_case *)(const void *)tc;
	char sources[1024];

	begin();
	if (c->level == DOCUMENTED && !is_promised_here(c))
		end_skipped("no manual of %s promises this", platform_name(platform()));
	sources_of(c, sources, sizeof(sources));
	record_promise(c->sentence, sources);
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

void
need(bool have, const char *format, ...)
{
	char text[256];
	va_list arguments;

	if (have)
		return;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	end_skipped("%s", text);
}

void
need_root(void)
{
	need(geteuid() == 0, "needs root");
}

void
deviates(unsigned platforms, const char *instead, const char *reference)
{
	char reason[1024];

	if (!platform_is(platforms))
		return;
	snprintf(reason, sizeof(reason), "%s: %s (%s)",
	    platform_name(platforms == GLIBC || platforms == MUSL ? (enum platform)platforms : platform()), instead,
	    reference);
	record_expect_failure(reason);
}

void
observed(const char *key, const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	printf("observed: %s = %s\n", key, text);
	fflush(stdout);
}
