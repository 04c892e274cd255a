/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The text of the files in debugfs. The caller holds the lock of main.c. They may sleep, and return
 * 0 or -ENOMEM.
 */
#ifndef KTHREADXX_SHOW_H
#define KTHREADXX_SHOW_H

struct seq_file;

int show_threads(struct seq_file *file);
int show_histogram(struct seq_file *file);
int show_tasks(struct seq_file *file);

#endif
