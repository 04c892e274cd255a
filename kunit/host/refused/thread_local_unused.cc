// SPDX-License-Identifier: GPL-2.0
// refused: a thread_local variable: a kernel thread has none
thread_local int number;
