# SPDX-License-Identifier: GPL-2.0
# C++ in a kernel module, through kbuild's own path. In the module's Kbuild:
#
#	include $(src)/cxxrt/Makefile.cxx
#	obj-m := hello.o
#	hello-y := main.o greet.o $(cxxrt-objs)		# main.c, greet.cc
#
# The folder may lie anywhere. A module needs at least one C file, for what
# <linux/module.h> declares by macros.
#
# $(cxxrt-objs)		operators new and delete, and their allocator hooks
# $(cxxrt-kernel-objs)	what the headers that say it take besides: kernel.h
# cxxflags-y		flags for each C++ object, CXXFLAGS_greet.o for one
# CXX=…			another compiler than the one that belongs to $(CC)
# cxxrt-foreign		see below

cxxrt-dir := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

# CONFIG_MODULES: not while cleaning, which knows no configuration.
ifdef CONFIG_MODULES
ifneq ($(CONFIG_64BIT)$(CONFIG_CPU_BIG_ENDIAN),y)
$(error cxxrt: C++ is for 64-bit little-endian kernels, and this is none)
endif
endif

# gcc-12 → g++-12, aarch64-linux-gnu-gcc → aarch64-linux-gnu-g++, clang-14 → clang++-14. The kernel's
# headers may pin CC, so only a CXX said on the command line can mean this build.
ifneq ($(origin CXX),command line)
CXX = $(foreach word,$(CC),$(patsubst ./%,%,$(dir $(word)))$(subst clang,clang++,$(subst gcc,g++,$(notdir $(word)))))
endif
cxxrt-cxx-path = $(eval cxxrt-cxx-path := $$(shell command -v $(lastword $(CXX))))$(cxxrt-cxx-path)

# What C++ cannot take, and nothing more: the other -f and -m flags are the kernel's ABI, its
# mitigations and its sanitizers. Headers are dropped because kernel headers are C.
cxxrt-c-only := -std=% -fms-extensions -fplugin% -include %.h -I%
# The kernel links its C once more, as bitcode. C++ objects are finished when they are compiled.
cxxrt-c-only += $(CC_FLAGS_LTO)
# Its warnings are about C; the others here are those that mean the same in C++.
cxxrt-c-warnings = $(filter-out -Wp$(comma)% -Wa$(comma)% -Wframe-larger-than=% -Wno-tsan -Wvla% %date-time, \
	$(filter -W%,$(c_flags)))

# Thread-safe statics stay on: their guard is a symbol that no module has, so that a static which needs
# a constructor fails to build instead of being built twice. Exit-time destructors likewise.
cxxrt-flags := -std=c++20 -ffreestanding -fno-exceptions -fno-rtti -nostdinc++ \
	-I$(cxxrt-dir)/include -include $(cxxrt-dir)/refuse.h \
	-Wall -Wextra -Wformat=2 -Wnon-virtual-dtor -Woverloaded-virtual -Wundef \
	-Werror=unused-result -Werror=format-nonliteral -Werror=format-security -Werror=return-type
cxxrt-flags-y :=
cxxrt-flags-$(CONFIG_WERROR) += -Werror
# So are all objects of kmalloc() aligned. By the usual 16 it would be asked for powers of two only.
cxxrt-flags-$(CONFIG_CC_IS_GCC) += -faligned-new=8 -fno-gnu-unique
cxxrt-flags-$(CONFIG_CC_IS_CLANG) += -fnew-alignment=8
# pahole gives up on a module whose debug information has C++ in it. In a .dwo file beside the object
# debuggers still find it, and pahole makes BTF of the C that is left. DWARF 5 would make it warn.
ifneq ($(wildcard $(objtree)/vmlinux),)
cxxrt-flags-$(CONFIG_DEBUG_INFO_BTF_MODULES) += -gdwarf-4 -gsplit-dwarf
endif
# gcc before 14 does not align cold functions, and arm64's ftrace refuses a module that has such a one:
# C++ is then not traceable. The kernel's C code gives up the cold attribute instead.
ifdef CONFIG_DYNAMIC_FTRACE_WITH_CALL_OPS
ifndef CONFIG_CC_HAS_SANE_FUNCTION_ALIGNMENT
cxxrt-c-only += $(CC_FLAGS_FTRACE)
endif
endif
# objtool gives up on a function that gcc has put in two places, if its name has more than 128
# characters, as that of a lambda in a template easily has.
ifdef CONFIG_OBJTOOL
cxxrt-flags-$(CONFIG_CC_IS_GCC) += -fno-reorder-blocks-and-partition
endif
# Extensions that the processor need not have: the kernel's C asks for one before it uses it, and a
# compiler uses what it is told for each atomic. arm64 names them to the assembler only, and its compiler
# calls functions of libgcc that ask.
ifdef CONFIG_ARM64
cxxrt-flags-y += $(call cc-option,-mno-outline-atomics)
endif
ifdef CONFIG_RISCV
cxxrt-c-only += -march=%
cxxrt-march = $(subst $(space),_,$(filter -march=% zicsr zifencei,$(subst _,$(space),$(filter -march=%,$(c_flags)))))
endif

cxx_flags = $(filter-out $(cxxrt-c-only) $(cxxrt-c-warnings),$(subst -I ,-I,$(c_flags))) \
	$(cxxrt-flags) $(cxxrt-flags-y) $(cxxrt-march) $(cxxflags-y) $(CXXFLAGS_$(target-stem).o)

# Templates and inline functions come in section groups, of which a linker keeps one of a name. But the
# tables that objtool and ftrace make refer to each. So the groups go: a module has the function of each
# file then, and uses the first. (Of gcc's unique symbols it may not have two.)
quiet_cmd_cxx_o_cc = CXX $(quiet_modtag) $@
      cmd_cxx_o_cc = $(CXX) $(cxx_flags) -c -o $@ $<; $(OBJCOPY) -R .group $@ $(cmd_objtool)

quiet_cmd_cxxrt_absent =
      cmd_cxxrt_absent = $(CXX) $(filter-out -Wp$(comma)-M%,$(cxx_flags)) -M -MG $< 2>/dev/null | \
	$(AWK) -v file=$< -v kernel='$(patsubst -I%,%,$(filter -I%,$(subst -I ,-I,$(LINUXINCLUDE))))' \
		-v absent=$(cxxrt-dir)/absent_headers -f $(cxxrt-dir)/absent.awk >&2

quiet_cmd_cxxrt_refuse =
      cmd_cxxrt_refuse = $(READELF) -SrsW $@ | $(AWK) -v file=$< -f $(cxxrt-dir)/refuse.awk >&2

define rule_cxx_o_cc
	$(if $(cxxrt-cxx-path),,$(error $(CXX) is not installed, and $(CC) compiled this kernel))
	$(call cmd,cxxrt_absent)
	$(call cmd_and_fixdep,cxx_o_cc)
	$(call cmd,cxxrt_refuse)
	$(call cmd,gen_objtooldep)
	$(call cmd,record_mcount)
endef

# Headers that the build makes and C++ includes: the rules that make them are its prerequisites.
PHONY += cxxrt-prepare
cxxrt-prepare: ;

# make finds the source by VPATH where the objects go to a folder of their own (MO=).
$(obj)/%.o: $(obj)/%.cc FORCE | cxxrt-prepare
	$(call if_changed_rule,cxx_o_cc)

# $(eval $(call cxxrt-foreign,name,dir)): objects name/*.o of this module are compiled from dir/*.cc and
# dir/*.c, wherever that is. Each module has its own, compiled by the flags of its Kbuild.
define cxxrt-foreign
$$(obj)/$(1)/%.o: $(2)/%.cc FORCE | $$(obj)/$(1) cxxrt-prepare
	$$(call if_changed_rule,cxx_o_cc)
$$(obj)/$(1)/%.o: $(2)/%.c FORCE | $$(obj)/$(1) cxxrt-prepare
	$$(call if_changed_rule,cc_o_c)
$$(obj)/$(1):
	$$(Q)mkdir -p $$@
endef

# $(eval $(call cxxrt-constants,dir,name,source)): $(obj)/dir/name.h has a #define for each DEFINE() of
# the C file source, which includes <linux/kbuild.h>: the constants of the kernel that is built for, such
# as sizeof(spinlock_t). C++ of this module includes it; a C object needs "| cxxrt-prepare" for that.
# Compiled again for each kernel, as two of them may have the same flags and different sizes.
define cxxrt-constants
targets += $(1)/$(2).s $(1)/$(2).h
CFLAGS_$(1)/$(2).o += -DCXXRT_KERNEL=$(abspath $(objtree))
GCOV_PROFILE_$(2).o := n
GCOV_PROFILE_$(1)/$(2).o := n
$$(obj)/$(1)/$(2).s: $(3) FORCE
	$$(Q)mkdir -p $$(@D)
	$$(call if_changed_dep,cc_s_c)
$$(obj)/$(1)/$(2).h: $$(obj)/$(1)/$(2).s FORCE
	$$(call filechk,offsets,CXXRT_CONSTANTS_$(2))
cxxrt-prepare: $$(obj)/$(1)/$(2).h
endef

cxxrt-objs := cxxrt/new.o cxxrt/alloc.o
cxxrt-kernel-objs := cxxrt/kernel.o
ifneq ($(abspath $(cxxrt-dir)),$(abspath $(src)/cxxrt))
$(eval $(call cxxrt-foreign,cxxrt,$(cxxrt-dir)))
endif
