# SPDX-License-Identifier: GPL-2.0
# A kernel module's usual commands. What is built, and how, stands in Kbuild.
include cxxrt/Makefile.targets

kunit: ## build the KUnit suites, kunit/suites/kthreadxx_kunit.ko, for a kernel that has KUnit
	+$(kbuild) M=$(CURDIR)/kunit/suites modules

guest: ## build the modules in kunit/guest/modules, which its scripts load
	+$(kbuild) M=$(CURDIR)/kunit/guest/modules modules

torture: ## build kunit/torture/kthreadxx_torture.ko
	+$(kbuild) M=$(CURDIR)/kunit/torture modules

planted: ## build kunit/planted/kthreadxx_planted.ko
	+$(kbuild) M=$(CURDIR)/kunit/planted modules

examples: ## build the modules below examples/
	+$(kbuild) M=$(CURDIR)/examples/cxx modules
	+$(kbuild) M=$(CURDIR)/examples/c modules
	+$(kbuild) M=$(CURDIR)/examples/device modules
	+$(kbuild) M=$(CURDIR)/examples/poller modules
	+$(kbuild) M=$(CURDIR)/examples/pipeline modules
	+$(kbuild) M=$(CURDIR)/examples/debounce modules
	+$(kbuild) M=$(CURDIR)/examples/each_cpu modules
	+$(kbuild) M=$(CURDIR)/examples/tasks modules
	+$(kbuild) M=$(CURDIR)/examples/my_module KTHREADXX=$(CURDIR) modules

bench: ## build bench/kthreadxx_bench.ko, and the module in C, bench/twin, and without tasks, bench/threads
	+$(kbuild) M=$(CURDIR)/bench modules
	+$(kbuild) M=$(CURDIR)/bench/twin modules
	+$(kbuild) M=$(CURDIR)/bench/threads modules

version = $(shell cat VERSION)
dist: ## make kthreadxx-VERSION.tar.gz of what is committed
	git -c safe.directory='*' archive --prefix=kthreadxx-$(version)/ -o kthreadxx-$(version).tar.gz HEAD

doctor: ## say what building and loading takes, and what of it is missing
	@scripts/doctor $(if $(filter command environment,$(origin KDIR)),$(abspath $(KDIR)),$(KERNELRELEASE))

.PHONY: dist doctor kunit guest torture planted examples bench
