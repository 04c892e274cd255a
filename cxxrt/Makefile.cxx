# SPDX-License-Identifier: GPL-2.0
# C++ in a kernel module, through kbuild's own path. In the module's Kbuild:
#
#	include $(src)/cxxrt/Makefile.cxx
#	obj-m := hello.o
#	hello-y := main.o greet.o $(cxxrt-objs)		# main.c, greet.cc
#
# The folder may lie anywhere. Sources of C++ end in .cc, .cpp or .cxx. A module needs at least one C
# file, for what <linux/module.h> declares by macros. ccflags-y, CFLAGS_greet.o and the like are for C
# and C++; `make … greet.i`, greet.s and greet.lst show what the compiler makes of greet.cc.
#
# $(cxxrt-objs)		operators new and delete, and their allocator hooks
# $(cxxrt-kernel-objs)	what the headers that say it take besides: kernel.h
# cxxflags-y		flags for C++ alone, CXXFLAGS_greet.o for one object
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
# CC may have a wrapper before the compiler, such as ccache, and options behind it.
ifneq ($(origin CXX),command line)
CXX = $(foreach word,$(CC),$(if $(filter -%,$(word)),$(word),$(patsubst ./%,%,$(dir $(word)))$(patsubst \
	cc,c++,$(subst clang,clang++,$(subst gcc,g++,$(notdir $(word)))))))
endif
cxxrt-cxx = $(or $(foreach word,$(CXX),$(if $(findstring ++,$(notdir $(word))),$(word))),$(firstword $(CXX)))
cxxrt-cxx-path = $(eval cxxrt-cxx-path := $$(shell command -v $(firstword $(cxxrt-cxx))))$(cxxrt-cxx-path)

# What C++ cannot take, and nothing more: the other -f and -m flags are the kernel's ABI, its
# mitigations and its sanitizers.
cxxrt-c-only := -std=% -fms-extensions -fplugin%
# Warnings that only C has, also with no- or error= before their names.
cxxrt-c-only += $(addprefix -W%,strict-prototypes missing-prototypes old-style-definition nested-externs \
	declaration-after-statement pointer-sign bad-function-cast designated-init discarded-qualifiers \
	incompatible-pointer-types int-conversion implicit-function-declaration implicit-int)
# The kernel's own headers are C. Those of a module are for C++ too.
cxxrt-words = $(subst -include ,-include=,$(subst -I ,-I,$(1)))
cxxrt-kernel-flags = $(filter-out $(call cxxrt-words,$(KCPPFLAGS) $(KCFLAGS) $(subdir-ccflags-y)),$(call cxxrt-words,$(LINUXINCLUDE) \
	-include $(srctree)/include/linux/compiler_types.h $(KBUILD_CPPFLAGS) $(KBUILD_CFLAGS)))
cxxrt-c-headers = $(filter -I% -include=%,$(cxxrt-kernel-flags))
# The kernel links its C once more, as bitcode. C++ objects are finished when they are compiled.
cxxrt-c-only += $(CC_FLAGS_LTO)
# The kernel's warnings are about C, but for these, which mean the same in C++, and those that the module asks for too.
cxxrt-c-warnings = $(filter-out -Wp$(comma)% -Wa$(comma)% -Wframe-larger-than=% -Wno-tsan -Wvla% %date-time \
	$(subdir-ccflags-y) $(ccflags-y) $(CFLAGS_$(target-stem).o),$(filter -W%,$(cxxrt-kernel-flags)))

# Thread-safe statics stay on: their guard is a symbol that no module has, so that a static which needs
# a constructor fails to build instead of being built twice. Exit-time destructors likewise.
cxxrt-flags := -std=c++20 -ffreestanding -fno-exceptions -fno-rtti -nostdinc++ \
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

# Before the module's folders, in which a file may be named version. And the kernel's configuration, which has macros
# only, as a struct of C and C++ may have members that depend on it.
cxxrt-headers = -I$(cxxrt-dir)/include -include $(objtree)/include/generated/autoconf.h \
	-include $(cxxrt-dir)/include/cxxrt/config.hpp -include $(cxxrt-dir)/refuse.h

# A file's name in the module is the one below the module's folder, whichever machine compiles it.
cxx_flags = $(cxxrt-headers) -fmacro-prefix-map=$(src)/= $(subst -include=,-include ,$(filter-out $(cxxrt-c-only) $(cxxrt-c-headers) \
	$(cxxrt-c-warnings),$(call cxxrt-words,$(c_flags)))) \
	$(cxxrt-flags) $(cxxrt-flags-y) $(cxxrt-march) $(cxxflags-y) $(CXXFLAGS_$(target-stem).o)

# Templates and inline functions come in section groups, of which a linker keeps one of a name. But the
# tables that objtool and ftrace make refer to each. So the groups go: a module has the function of each
# file then, and uses the first. (Of gcc's unique symbols it may not have two.)
quiet_cmd_cxx_o_cc = CXX $(quiet_modtag) $@
      cmd_cxx_o_cc = $(CXX) $(cxx_flags) -c -o $@ $< || { $(cxxrt-absent); exit 1; }; \
	$(OBJCOPY) -R .group $@ $(cmd_objtool)

# What a compiler that failed does not say of a header that is not there: why, and what there is instead.
cxxrt-absent = $(CXX) $(filter-out -Wp$(comma)-M%,$(cxx_flags)) -M -MG $< 2>/dev/null | \
	$(AWK) -v file=$< -v kernel='$(patsubst -I%,%,$(filter -I%,$(subst -I ,-I,$(LINUXINCLUDE))))' \
		-v absent=$(cxxrt-dir)/absent_headers -f $(cxxrt-dir)/absent.awk >&2

# The kernel's Makefile takes LC_ALL out of the environment, and by LANG readelf translates its headings.
quiet_cmd_cxxrt_refuse =
      cmd_cxxrt_refuse = LC_ALL=C $(READELF) -SrsW $@ | $(AWK) -v file=$< -v lacks='$(cxxrt-lacks)' -f $(cxxrt-dir)/refuse.awk >&2

quiet_cmd_cxx_i_cc = CPP $(quiet_modtag) $@
      cmd_cxx_i_cc = $(CXX) $(cxx_flags) -E -o $@ $<

quiet_cmd_cxx_s_cc = CXX $(quiet_modtag) $@
      cmd_cxx_s_cc = $(CXX) $(filter-out -g%,$(cxx_flags)) -fverbose-asm -S -o $@ $<

quiet_cmd_cxx_lst_cc = MKLST   $@
      cmd_cxx_lst_cc = $(CXX) $(filter-out -gsplit-dwarf,$(cxx_flags)) -g -c -o $@.o $<; \
		       $(OBJDUMP) --disassemble --source $@.o >$@; rm -f $@.o

define rule_cxx_o_cc
	$(call cmd_and_fixdep,cxx_o_cc)
	$(call cmd,cxxrt_refuse)
	$(call cmd,gen_objtooldep)
	$(call cmd,record_mcount)
endef

# Headers that the build makes and C++ includes: the rules that make them are its prerequisites.
PHONY += cxxrt-prepare
cxxrt-prepare: ;

# What kbuild builds in other words than the user means, or does not build in words that do not say why.
cxxrt-objs-of = $($(1)-objs) $($(1)-y) $($(1)-m)
# GNU ld takes of an archive what the objects before it use.
cxxrt-sorted = $(foreach object,$(1),$(if $(cxxrt-objects-in-$(object)),,$(object))) \
	$(foreach object,$(1),$(if $(cxxrt-objects-in-$(object)),$(object)))
# The folder stands before the names up to 6.12.
cxxrt-modules = $(patsubst %.o,%,$(patsubst $(obj)/%,%,$(filter %.o,$(obj-m))))
cxxrt-sources = $(notdir $(wildcard $(addprefix $(basename $<).,c cc cpp cxx S rs)))
cxxrt-lost = $(filter-out $(ccflags-y),$(cxxrt-ccflags))
cxxrt-check = $(if $(cxxrt-lost),$(error cxxrt: "ccflags-y :=" below the includes drops $(cxxrt-lost): write "ccflags-y +=")) \
	$(if $(cxxrt-cxx-path),,$(error cxxrt: $(firstword $(cxxrt-cxx)) is not installed, and $(CC) compiled this kernel)) \
	$(if $(word 2,$(cxxrt-sources)),$(error cxxrt: two sources of $(@F): $(cxxrt-sources))) \
	$(foreach module,$(cxxrt-modules),$(if $(filter $(module).o,$(call cxxrt-objs-of,$(module))),$(error \
		cxxrt: $(module)-y lists $(module).o, which is the module itself)) \
		$(if $(filter :$(subst $(space),:,$(strip $(call cxxrt-objs-of,$(module)))),:$(subst $(space),:,$(strip \
			$(call cxxrt-sorted,$(call cxxrt-objs-of,$(module)))))),,$(error \
		cxxrt: $(module)-y lists the library before an object of the module: the -objs come last))) \
	$(if $(filter $(target-stem),$(cxxrt-modules)),$(error cxxrt: $(@F) is a module of one C++ file: \
		a module is composite, and has a C file))

# Of the variables with objects of the library, those of which a module of this object has none, each as
# module:variable:symbols, a pattern of the symbols that they define.
cxxrt-lacks = $(foreach module,$(cxxrt-modules),$(if $(filter $(target-stem).o,$(call cxxrt-objs-of,$(module))), \
	$(foreach part,$(cxxrt-parts),$(if $(filter $(firstword $($(part)-members)),$(foreach object,$(call \
		cxxrt-objs-of,$(module)),$(cxxrt-objects-in-$(object)))),, \
		$(module):$(part)-objs:$($(part)-symbols)))))

# $(call cxxrt-rules,objects,sources,suffix,needs): the one folder's objects from the other's sources. make finds
# these by VPATH where objects go to a folder of their own (MO=).
define cxxrt-rules
$(1)/%.o: $(2)/%.$(3) FORCE | $(4) cxxrt-prepare
	$$(cxxrt-check)$$(call if_changed_rule,cxx_o_cc)
$(1)/%.i: $(2)/%.$(3) FORCE | $(4) cxxrt-prepare
	$$(cxxrt-check)$$(call if_changed_dep,cxx_i_cc)
$(1)/%.s: $(2)/%.$(3) FORCE | $(4) cxxrt-prepare
	$$(cxxrt-check)$$(call if_changed_dep,cxx_s_cc)
$(1)/%.lst: $(2)/%.$(3) FORCE | $(4) cxxrt-prepare
	$$(cxxrt-check)$$(call if_changed_dep,cxx_lst_cc)
endef
$(foreach suffix,cc cpp cxx,$(eval $(call cxxrt-rules,$(obj),$(obj),$(suffix))))

# $(eval $(call cxxrt-foreign,name,dir)): objects name/*.o of this module are compiled from dir/*.cc and
# dir/*.c, wherever that is. Each module has its own, compiled by the flags of its Kbuild. A name begins
# with .kthreadxx/, which no folder of the module is called.
define cxxrt-foreign
$(call cxxrt-rules,$$(obj)/$(1),$(2),cc,$$(obj)/$(1))
$$(obj)/$(1)/%.o: $(2)/%.c FORCE | $$(obj)/$(1) cxxrt-prepare
	$$(call if_changed_rule,cc_o_c)
$$(obj)/$(1):
	$$(Q)mkdir -p $$@
endef
clean-files += .kthreadxx

# $(eval $(call cxxrt-archive,name.o,objects)): an archive, of which a module has the objects that it uses. kbuild
# links it as it links an object, and does not see that the objects in it are a module's. modpost reads the sources of
# srcversion from the file beside it.
quiet_cmd_cxxrt_archive = AR [M]  $@
      cmd_cxxrt_archive = rm -f $@; $(AR) cDqs $@ $(real-prereqs)
define cxxrt-archive
cxxrt-objects-in-$(1) := $(2)
targets += $(1) $(2)
$(foreach suffix,o i s lst,$(patsubst %.o,$$(obj)/%.$(suffix),$(2))): private part-of-module := y
$$(obj)/$(1): $(addprefix $$(obj)/,$(2)) FORCE
	$$(call if_changed,cxxrt_archive)
	$$(Q)grep -q '^source_' $$(dot-target).cmd || \
		cat $$(foreach object,$$(real-prereqs),$$(dir $$(object)).$$(notdir $$(object)).cmd) | grep '^source_' >>$$(dot-target).cmd
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

cxxrt-prefix := $(if $(filter-out $(abspath $(src)/cxxrt),$(abspath $(cxxrt-dir))),.kthreadxx/)
ifneq ($(cxxrt-prefix),)
$(eval $(call cxxrt-foreign,.kthreadxx/cxxrt,$(cxxrt-dir)))
endif
cxxrt-members := $(addprefix $(cxxrt-prefix)cxxrt/,new.o alloc.o)
cxxrt-kernel-members := $(cxxrt-prefix)cxxrt/kernel.o
cxxrt-objs := $(cxxrt-prefix)cxxrt/cxxrt-objs.o
cxxrt-kernel-objs := $(cxxrt-prefix)cxxrt/cxxrt-kernel-objs.o
$(eval $(call cxxrt-archive,$(cxxrt-objs),$(cxxrt-members)))
$(eval $(call cxxrt-archive,$(cxxrt-kernel-objs),$(cxxrt-kernel-members)))
cxxrt-parts := cxxrt-kernel cxxrt
cxxrt-kernel-symbols := ^cxxrt_(wait|wake|warn|might|ratelimit|refcount)
cxxrt-symbols := ^_Z([dn][al]|nw)
