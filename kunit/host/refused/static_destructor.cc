// SPDX-License-Identifier: GPL-2.0
// refused: a static variable needs a destructor at exit, and modules run none
struct object {
	~object();
};
constinit object refused;
