# SPDX-License-Identifier: GPL-2.0
# A kernel module's usual commands. What is built, and how, stands in Kbuild.
include cxxrt/Makefile.targets

kunit: ## build the tests, kunit/kthreadxx_kunit.ko, for a kernel that has KUnit
	+$(kbuild) M=$(CURDIR)/kunit modules

examples: ## build examples/cxx/ticker_cxx.ko, and examples/c/ticker.ko, which is the same in C
	+$(kbuild) M=$(CURDIR)/examples/cxx modules
	+$(kbuild) M=$(CURDIR)/examples/c modules

planted:
	+$(kbuild) M=$(CURDIR)/kunit/planted modules

contexts:
	+$(kbuild) M=$(CURDIR)/kunit/contexts modules

bench: ## build bench/kthreadxx_bench.ko, and bench/twin/kthreadxx.ko, which is the module in C
	+$(kbuild) M=$(CURDIR)/bench modules
	+$(kbuild) M=$(CURDIR)/bench/twin modules

.PHONY: kunit planted contexts examples bench
