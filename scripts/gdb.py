# SPDX-License-Identifier: GPL-2.0
#
# For a gdb that looks into a guest of `scripts/guest --gdb`, which starts it with these:
#
#	kthread-symbols				loads the symbols of the modules that the guest has now. A module that is
#						loaded later brings its symbols before its init runs.
#	kthread-list				the threads of each module, the workers' items, and the static objects
#
# The kernel need have no symbols: what this takes of the kernel's types is in each module's debug information.

import re
import struct
import subprocess

import gdb


def unsigned(value):
    return int(value) & (1 << 64) - 1


def read(address, size):
    return bytes(gdb.selected_inferior().read_memory(address, size))


def word(address):
    return struct.unpack('<Q', read(address, 8))[0]


def text(address):
    end = b''
    while b'\0' not in end:
        end += read(address + len(end), 8)
    return end.split(b'\0')[0].decode(errors='replace')


class Module:
    """A module's file, with what gdb needs of it to find the module in the guest."""

    def __init__(self, path):
        self.path = path
        # As in the kernel's list.
        self.name = re.sub('.*/|[.]ko$', '', path).replace('-', '_')
        self.loaded_at = None

    def sections(self, symbols):
        """Where the kernel has put each section, by the address of one of its symbols."""
        said = subprocess.run(['readelf', '-SsW', self.path], capture_output=True, text=True, check=True).stdout
        names = dict(re.findall(r'^ *\[ *(\d+)\] (\S+) ', said, re.M))
        found = {}
        for value, number, symbol in re.findall(r'^ *\d+: (\w{16}) .* (\d+) (\S+)$', said, re.M):
            if number in names and symbol in symbols:
                found[names[number]] = symbols[symbol] - int(value, 16)
        return found


class Kernel:
    def __init__(self, modules, files):
        self.head = modules
        self.files = {module.name: module for module in map(Module, files)}
        # The types are the same in all modules for a kernel. Without an address these symbols are in the way.
        gdb.execute(f'symbol-file "{files[0]}"')
        try:
            kernels = gdb.lookup_type('struct module')
        except gdb.error:
            raise gdb.GdbError(f'{files[0]} has no debug information: its kernel is configured without') from None
        self.offset = {name: kernels[name].bitpos // 8 for name in ('list', 'name', 'kallsyms')}
        symbols = gdb.lookup_type('struct mod_kallsyms')
        self.symbols = {name: symbols[name].bitpos // 8 for name in ('symtab', 'num_symtab', 'strtab')}
        gdb.execute('symbol-file')

    def modules(self):
        """The addresses of the struct module of all that are loaded, or are about to be."""
        link = word(self.head)
        while link != self.head:
            yield link - self.offset['list']
            link = word(link)

    def load(self, address):
        """Takes the symbols of the module, if its file is known."""
        module = self.files.get(text(address + self.offset['name']))
        if not module:
            return
        kallsyms = word(address + self.offset['kallsyms'])
        table = word(kallsyms + self.symbols['symtab'])
        names = word(kallsyms + self.symbols['strtab'])
        number = struct.unpack('<I', read(kallsyms + self.symbols['num_symtab'], 4))[0]
        entries = list(struct.iter_unpack('<I4xQ8x', read(table, 24 * number)))
        last = max(name for name, value in entries)
        strings = read(names, last) + text(names + last).encode()
        all_symbols, seen = {}, set()
        for name, value in entries:
            name = strings[name:].split(b'\0', 1)[0].decode(errors='replace')
            # Of two with one name in different files, it is not known which is which.
            all_symbols[name] = None if name in seen else value
            seen.add(name)
        sections = module.sections({name: value for name, value in all_symbols.items() if value})
        if '.text' not in sections or sections['.text'] == module.loaded_at:
            return
        if module.loaded_at:
            gdb.execute(f'remove-symbol-file -a {module.loaded_at:#x}', to_string=True)
        where = ' '.join(f'-s {name} {value:#x}' for name, value in sections.items())
        gdb.execute(f'add-symbol-file "{module.path}" {where}', to_string=True)
        module.loaded_at = sections['.text']
        print(f'symbols of {module.name}, whose .text is at {module.loaded_at:#x}')


class Loading(gdb.Breakpoint):
    """The kernel calls it for each module, with the module as its argument, before the module's init."""

    def __init__(self, kernel, do_init_module):
        super().__init__(f'*{do_init_module:#x}', internal=True)
        self.silent = True
        self.kernel = kernel

    def stop(self):
        self.kernel.load(unsigned(gdb.parse_and_eval('$rdi')))
        return False


class Symbols(gdb.Command):
    """Loads the symbols of the modules that the guest has now."""

    def __init__(self, kernel):
        super().__init__('kthread-symbols', gdb.COMMAND_FILES)
        self.kernel = kernel

    def invoke(self, argument, from_tty):
        for address in self.kernel.modules():
            self.kernel.load(address)


def function_at(pc):
    """The gdb.Symbol of the function that begins there, or None."""
    block = gdb.block_for_pc(unsigned(pc))
    while block and not block.function:
        block = block.superblock
    return block.function if block else None


def enumerators(name):
    return {field.enumval: field.name.split('::')[-1] for field in gdb.lookup_type(name).fields()}


def callable_of(item):
    """What an item calls: the last argument of work_call<Item, F>::call()."""
    function = function_at(item['call'])
    if not function:
        return 'a barrier, at which a flush() waits'
    what = re.match(r'.*work_call<kthread::(?:delayed_)?work_item, (.*?)>* ?>::call\(', function.name)
    return what.group(1) if what else function.name


class List(gdb.Command):
    """Prints the threads, the workers' items and the static objects of each module."""

    def __init__(self, kernel):
        super().__init__('kthread-list', gdb.COMMAND_DATA)
        self.kernel = kernel

    def invoke(self, argument, from_tty):
        for module in self.kernel.files.values():
            for objfile in gdb.objfiles():
                if module.loaded_at and objfile.filename.endswith(module.path):
                    print(f'{module.name}:')
                    self.module(objfile)

    def module(self, objfile):
        owned = objfile.lookup_static_symbol('owned')
        if not owned:
            return
        head = owned.value().address
        link = head['next']
        while link != head:
            owned = link.cast(gdb.lookup_type('struct bridge_link').pointer())
            kind = function_at(owned['left_behind'])
            if kind.name.startswith('kthread::thread_state::'):
                self.thread(owned.cast(gdb.lookup_type('kthread::thread_state').pointer()))
            elif kind.name.startswith('kthread::static_object<'):
                name = re.match(r'kthread::static_object<(.*?) ?>::left_behind', kind.name).group(1)
                print(f'  static object of {name}')
            elif kind.name.startswith('kthread::pool_state::'):
                print(f'  workqueue: (kthread::pool_state *) {unsigned(owned):#x}')
            # A worker and an executor are shown with their threads.
            elif not kind.name.startswith(('kthread::worker_state::', 'kthread::executor_state::')):
                self.per_cpu(owned)
            link = link['next']

    def thread(self, state):
        task = state['task'].cast(gdb.lookup_type('struct task_struct').pointer())
        now = int(state['word']['value_'])
        requests = {name: value for value, name in enumerators('kthread::stop_state::request').items()}
        stage = enumerators('kthread::thread_state::stage').get(now & ~requests['requests'], 'binding')
        asked = [name for name in ('stop', 'park') if now & requests[name]]
        print(f'  thread {task["comm"].string()}, pid {int(task["pid"])}: {stage}'
              + ''.join(f', asked to {request}' for request in asked))
        print(f'    state: (kthread::thread_state *) {unsigned(state):#x}')
        act = function_at(state['act'])
        body = act and re.match(r'kthread::thread_block<(.*?) ?>::act<', act.name)
        shared = None
        if body and body.group(1) == 'kthread::(anonymous namespace)::body':
            # The type of the block is that of a variable in act(). An executor's body is called so, too.
            block = next(symbol for symbol in gdb.block_for_pc(unsigned(state['act'])) if symbol.name == 'block')
            called = state.cast(block.type.strip_typedefs().unqualified()).dereference()['body']
            shared = called[called.type.fields()[0]]
        if shared is not None and shared.type.name == 'kthread::worker_ref':
            self.worker(shared['state_'].cast(gdb.lookup_type('kthread::worker_state').pointer()).dereference())
        elif body:
            print(f'    body: {body.group(1)}')

    def worker(self, worker):
        print(f'    worker: (kthread::worker_state *) {unsigned(worker.address):#x}'
              + ('', ', sleeps', ', closed')[int(worker['inbox_']['mode'])])
        if int(worker['current_']):
            self.item('runs', worker['current_'].cast(gdb.lookup_type('kthread::work_item').pointer()))
        head = worker['inbox_']['ready']
        node, end, claimed = head['next'], head.address, worker['claimed_']['value_']
        # Those before the one that was claimed last have run.
        while int(claimed) and node != claimed:
            node = node['next']
        while node != end:
            if int(node['call']):
                self.item('runs' if node == claimed else 'waits', node)
            node = node['next']

    def item(self, what, node):
        print(f'    item {unsigned(node):#x} {what}: {callable_of(node.cast(gdb.lookup_type("kthread::work_node").pointer()))}')

    def per_cpu(self, owned):
        threads = gdb.lookup_type('struct percpu_threads')
        at = gdb.Value(unsigned(owned) - threads['link'].bitpos // 8).cast(threads.pointer())
        print(f'  threads {at["hotplug"]["thread_comm"].string()}, one for each CPU')


def attach(socket, files, do_init_module, modules):
    """To a guest that waits, of whose kernel these are two addresses."""
    gdb.execute('set confirm off')
    # A module's breakpoint waits for its symbols.
    gdb.execute('set breakpoint pending on')
    kernel = Kernel(modules, files) if files else None
    gdb.execute(f'target remote {socket}')
    if kernel:
        Symbols(kernel)
        List(kernel)
        Loading(kernel, do_init_module)
