# SPDX-License-Identifier: GPL-2.0
# A kernel module's usual commands. What is built, and how, stands in Kbuild.

# DKMS and its like name the kernel by KERNELRELEASE.
KERNELDIR ?= /lib/modules/$(or $(KERNELRELEASE),$(shell uname -r))/build
KDIR ?= $(KERNELDIR)

kbuild = $(if $(wildcard $(KDIR)/Makefile),,$(error no kernel headers in $(KDIR): install \
	linux-headers-$(or $(KERNELRELEASE),$(shell uname -r)), or name a kernel's with KDIR=))$(MAKE) -C $(KDIR)

modules: ## build kthreadxx.ko
	+$(kbuild) M=$(CURDIR) modules

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

bench: ## build bench/kthreadxx_bench.ko, and bench/twin/kthreadxx.ko, which is the module in C
	+$(kbuild) M=$(CURDIR)/bench modules
	+$(kbuild) M=$(CURDIR)/bench/twin modules

install: modules ## install it, so that modprobe finds it (INSTALL_MOD_PATH=… for another root)
	+$(kbuild) M=$(CURDIR) modules_install

clean: ## remove what was built
	+$(kbuild) M=$(CURDIR) clean
	+$(kbuild) M=$(CURDIR)/kunit/suites clean
	+$(kbuild) M=$(CURDIR)/kunit/guest/modules clean
	+$(kbuild) M=$(CURDIR)/kunit/torture clean
	+$(kbuild) M=$(CURDIR)/kunit/planted clean
	+$(kbuild) M=$(CURDIR)/examples/cxx clean
	+$(kbuild) M=$(CURDIR)/examples/c clean
	+$(kbuild) M=$(CURDIR)/examples/device clean
	+$(kbuild) M=$(CURDIR)/bench clean
	+$(kbuild) M=$(CURDIR)/bench/twin clean

help: ## this list
	@echo 'make [target] [KDIR=<kernel build folder>] [V=1] [ARCH=… CROSS_COMPILE=…]'
	@sed -n 's/^\([a-z]*\):.*## /  \1\t/p' $(MAKEFILE_LIST)

.DEFAULT_GOAL := modules
.PHONY: modules kunit guest torture planted examples bench install clean help
