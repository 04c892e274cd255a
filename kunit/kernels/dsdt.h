/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine's devices, as ACPI describes them: none. QEMU's own table is a program of some thousand steps. To run it
 * took half of the boot of a kernel with KASAN. The tables of processors and of the timer are others, and stay.
 */
static unsigned char AmlCode[] __used = {
	'D', 'S', 'D', 'T',
	36, 0, 0, 0, /* bytes, all in: no code follows */
	2, 36, /* the revision; what makes the sum of all bytes 0 */
	'K', 'T', 'H', 'R', 'X', 'X',
	'N', 'O', 'D', 'E', 'V', 'I', 'C', 'E',
	1, 0, 0, 0,
	'K', 'T', 'X', 'X',
	1, 0, 0, 0,
};
