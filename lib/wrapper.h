/* SPDX-License-Identifier: BSD-2-Clause */

#ifndef SHMCHECK_WRAPPER_H
#define SHMCHECK_WRAPPER_H

/*
 * A wrapper is the command that a program runs under: an emulator, a sandbox, a tracer. What the program executes stays
 * under most wrappers by itself: a tracer follows exec, a sandbox keeps its processes. It leaves others: an emulator that the
 * kernel does not start, Valgrind without --trace-children. The words of such a wrapper must come again before each program
 * that is executed.
 *
 * The runner finds out which it is: it runs a program under the wrapper with the argument WRAPPER_QUESTION, and reads one of
 * the answers from standard output. It then sets the environment variable SHMCHECK_UNDER to the words, if they must come
 * again.
 */
#define WRAPPER_QUESTION "--shmcheck-wrapper"
#define WRAPPER_KEEPS    "the wrapper keeps what the program executes"
#define WRAPPER_LOSES    "the wrapper loses what the program executes"

/* If the arguments of main() are the question, answer it and exit. "file" is the program's own, or null. */
void wrapper_answer(const char *file, int argc, char **argv);

/* Store the words of SHMCHECK_UNDER, "size" of them at most. Returns how many; they stay valid until the next call. */
unsigned wrapper_words(char **words, unsigned size);

#endif
