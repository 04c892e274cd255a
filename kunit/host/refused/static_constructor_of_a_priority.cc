// constinit SPDX-License-Identifier: GPL-2.0
// refused: a static variable needs a constructor at run time, and modules run none: make it
int get();
struct object {
	int value = get();
};
__attribute__((init_priority(200))) object refused;
