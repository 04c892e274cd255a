// SPDX-License-Identifier: GPL-2.0
//
// In place of a kernel header, of which the most used have a file here.
#error "kernel headers are C: include this one in a .c file, and declare what you need of it in a bridge"
