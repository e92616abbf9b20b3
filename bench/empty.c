/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * A program of empty cases, as many as the number between the underscores of its name: p07_42_test has 42. What the suite is
 * measured against.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/types.h>

#include <atf-c.h>

static long cases;
static atf_tc_t *all; /* ATF keeps what it is given */

static void
head(atf_tc_t *tc)
{
	atf_tc_set_md_var(tc, "descr", "Does nothing");
	atf_tc_set_md_var(tc, "X-requirement", "empty.empty");
}

static void
body(const atf_tc_t *tc)
{
	(void)tc;
}

static atf_error_t
add_cases(atf_tp_t *tp)
{
	char **config = atf_tp_get_config(tp);
	atf_error_t error = atf_no_error();
	char name[32];

	all = calloc((size_t)cases, sizeof(*all));
	for (long i = 0; all != NULL && i < cases && !atf_is_error(error); i++) {
		snprintf(name, sizeof(name), "case_%ld", i);
		error = atf_tc_init(&all[i], strdup(name), head, body, NULL, (const char *const *)config);
		if (!atf_is_error(error))
			error = atf_tp_add_tc(tp, &all[i]);
	}
	atf_utils_free_charpp(config);
	return error;
}

/* Of ATF's library; its header names it only in a macro. */
int atf_tp_main(int, char **, atf_error_t (*)(atf_tp_t *));

int
main(int argc, char **argv)
{
	const char *number = argc > 0 ? strrchr(argv[0], '/') : NULL;

	number = number == NULL ? NULL : strchr(number, '_');
	cases = number == NULL ? 0 : strtol(number + 1, NULL, 10);
	return atf_tp_main(argc, argv, add_cases);
}
