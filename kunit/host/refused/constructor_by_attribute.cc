// SPDX-License-Identifier: GPL-2.0
// refused: a function that is to run before others, and modules run none: call it from module_init() (_ZL5beginv)
int calls;
[[gnu::constructor]] static void begin()
{
	++calls;
}
