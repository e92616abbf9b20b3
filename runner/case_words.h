/* SPDX-License-Identifier: BSD-2-Clause */

/*
 * The words that name cases on the command line: "tests/sysv" for all below a directory, "tests/sysv/shmget_test" for a
 * program, "tests/sysv/shmget_test:excl_existing_key" for a case. Each part may be a pattern as of fnmatch(3):
 * "tests/sysv/shmat*", "tests/sysv/shmat_test:null_*", "tests:*fork*"; a "*" stays within one part of a path.
 */

#ifndef SHMCHECK_CASE_WORDS_H
#define SHMCHECK_CASE_WORDS_H

#include <stdbool.h>

/*
 * The word as the functions below take it, for the caller to free. "./", double and trailing slashes, the directory "top" at the
 * front, and ".c", ".o" or ".d" at the end are removed: the shell's completion and patterns yield such words. A word that names
 * the top itself becomes "*".
 */
char *word_normal(const char *word, const char *top);

/* Whether the word names the program, such as "tests/sysv/shmget_test", or one of its cases. */
bool word_names_program(const char *word, const char *program);

/* Whether the word names that case of the program. */
bool word_names_case(const char *word, const char *program, const char *name);

#endif
