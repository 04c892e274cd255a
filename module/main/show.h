/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The text of the files in debugfs. The caller holds the lock of main.c. May sleep.
 */
#ifndef KTHREADXX_SHOW_H
#define KTHREADXX_SHOW_H

#include <linux/types.h>

struct seq_file;

void show_threads(struct seq_file *file);
void show_histogram(struct seq_file *file);
/* There are up to so many tasks. Returns 0 or -ENOMEM. */
int show_tasks(struct seq_file *file, size_t tasks);

#endif
