// SPDX-License-Identifier: GPL-2.0
// refused: an indirect function, which the loader of modules does not resolve (chosen)
static int one()
{
	return 1;
}
extern "C" {
static auto choose()
{
	return &one;
}
[[gnu::ifunc("choose")]] int chosen();
}
