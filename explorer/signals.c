/* SPDX-License-Identifier: BSD-2-Clause */

#include <signal.h>
#include <stddef.h>

#include <sys/time.h>

#include "signals.h"

/* The first one comes after a microsecond, and each after twice the time. They end: one that comes again and again may end fork() for ever. */
enum { FIRST_MICROSECONDS = 1, LAST_MICROSECONDS = 512 };

static volatile sig_atomic_t next_time;

static void
set_timer(int microseconds)
{
	const struct itimerval timer = { .it_value = { .tv_usec = microseconds } };

	setitimer(ITIMER_REAL, &timer, NULL);
}

static void
handle(int number)
{
	(void)number;
	if (next_time == 0 || next_time > LAST_MICROSECONDS)
		return;
	next_time *= 2;
	set_timer(next_time);
}

void
signals_take(void)
{
	const struct sigaction action = { .sa_handler = handle }; /* without SA_RESTART */

	sigaction(SIGALRM, &action, NULL);
}

void
signals_begin(void)
{
	next_time = FIRST_MICROSECONDS;
	set_timer(next_time);
}

void
signals_end(void)
{
	next_time = 0;
	set_timer(0);
}
