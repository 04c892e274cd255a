// SPDX-License-Identifier: GPL-2.0
// refused: a function that is to run at exit, and modules run none: call it from module_exit() (_ZL3endv)
int calls;
[[gnu::destructor]] static void end()
{
	++calls;
}
