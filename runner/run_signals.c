/* SPDX-License-Identifier: BSD-2-Clause */

#include <stddef.h>

#include <sys/select.h>

#include "platform/signal.h"
#include "run_signals.h"

static const int watched[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };
enum { WATCHED_COUNT = sizeof(watched) / sizeof(watched[0]) };
static struct sigaction actions_before[WATCHED_COUNT];
static sigset_t mask_before;
static bool ignored[NSIG];
static volatile sig_atomic_t received;

static void
on_signal(int signal)
{
	if (signal != SIGCHLD)
		received = signal;
}

int
signal_to_end(void)
{
	return received;
}

bool
signal_is_ignored(int signal)
{
	return ignored[signal];
}

static void
look_for_ignored_signals(void)
{
	struct sigaction action;

	for (int i = 1; i < NSIG; i++)
		ignored[i] = sigaction(i, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void
signals_watch(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t mask;

	received = 0;
	look_for_ignored_signals();
	sigemptyset(&action.sa_mask);
	sigemptyset(&mask);
	for (size_t i = 0; i < WATCHED_COUNT; i++) {
		sigaction(watched[i], NULL, &actions_before[i]);
		/* nohup ignores SIGHUP on purpose. */
		if (watched[i] != SIGCHLD && actions_before[i].sa_handler == SIG_IGN)
			continue;
		sigaddset(&mask, watched[i]);
		sigaction(watched[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &mask, &mask_before);
}

void
signals_restore(void)
{
	for (size_t i = 0; i < WATCHED_COUNT; i++)
		sigaction(watched[i], &actions_before[i], NULL);
	sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

void
signals_wait(const struct timespec *timeout)
{
	sigset_t mask = mask_before;

	for (size_t i = 0; i < WATCHED_COUNT; i++)
		sigdelset(&mask, watched[i]);
	pselect(0, NULL, NULL, NULL, timeout, &mask);
}
