// SPDX-License-Identifier: GPL-2.0
// refused: a function of the C++ library that cxxrt does not have
namespace std
{
void terminate();
}

void refused()
{
	std::terminate();
}
