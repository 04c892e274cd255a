// SPDX-License-Identifier: GPL-2.0
//
// Of C: what it defines is part of C++.
#pragma once
