# SPDX-License-Identifier: GPL-2.0
# Where kthreadxx is: a submodule, a checkout beside this folder, or that of the package kthreadxx-dev.
here := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
KTHREADXX ?= $(patsubst %/cxxrt/Makefile.cxx,%,$(firstword $(wildcard $(addsuffix /cxxrt/Makefile.cxx, \
	$(here)/kthreadxx $(here)/../kthreadxx /usr/src/kthreadxx))))
$(if $(KTHREADXX),,$(error no kthreadxx in or beside $(here) or in /usr/src: name its folder with KTHREADXX=/…))
