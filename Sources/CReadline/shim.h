#pragma once
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <sys/select.h>
#include <unistd.h>
#include <readline/readline.h>
#include <readline/history.h>

// Swift refuses C's global variables, since it cannot see who else changes them: each one that is
// used is reached through a function. All of them belong to the thread that calls readline().

static inline void pare_rl_set_name(const char *name) { rl_readline_name = name; }
static inline void pare_rl_leave_signals(void) { rl_catch_signals = 0; }
static inline void pare_rl_set_output_to_errors(void) { rl_outstream = stderr; }
static inline void pare_rl_set_read_key(rl_getc_func_t *read) { rl_getc_function = read; }
static inline void pare_rl_set_redisplay(rl_voidfunc_t *draw) { rl_redisplay_function = draw; }
static inline void pare_rl_set_done(void) { rl_done = 1; }

static inline char *pare_rl_line(void) { return rl_line_buffer; }
static inline void pare_rl_set_line(char *line) { rl_line_buffer = line; }
static inline int pare_rl_point(void) { return rl_point; }
static inline void pare_rl_set_point(int point) { rl_point = point; }
static inline int pare_rl_end(void) { return rl_end; }
static inline void pare_rl_set_end(int end) { rl_end = end; }
static inline int pare_rl_mark(void) { return rl_mark; }
static inline void pare_rl_set_mark(int mark) { rl_mark = mark; }

/// Writes text where readline draws.
static inline void pare_rl_write(const char *text) {
  fputs(text, rl_outstream);
  fflush(rl_outstream);
}

/// Waits until `descriptor` can be read, with the signals of `mask` blocked and no others, so that
/// none comes unnoticed between a look at its flag and the wait. Returns 1, or 0 after a signal.
static inline int pare_wait_to_read(int descriptor, const sigset_t *mask) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(descriptor, &set);
  return pselect(descriptor + 1, &set, NULL, NULL, NULL, mask) > 0;
}
