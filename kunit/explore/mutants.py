# SPDX-License-Identifier: GPL-2.0
#
# mutants.py PROJECT OUT [NAME…]: plants one fault after the other into a copy of the library and runs the
# scenario that is to find it. One that is not found, or whose text is not in the library any more, fails.
import concurrent.futures, os, re, shutil, subprocess, sys

STOP, THREAD, HANDLE, WORKER, ITEMS = ('stop_token.hpp', 'thread.cc', 'jthread.hpp', 'worker.cc', 'worker.hpp')

# name: (file, what it has, what it gets, the scenario)
MUTANTS = {
    # A fence or an order is missing.
    'no_fence_before_the_wake_up': (STOP, 'std::atomic_thread_fence(std::memory_order_seq_cst);', '', 'queue_and_notify --tso'),
    'progress_is_released_only': (THREAD, '\tprogress.store(how);\n', '\tprogress.store(how, std::memory_order_release);\n', 'park_of_what_ends --tso'),
    'result_after_progress': (THREAD, '\texit_code = code;\n\tprogress.store(how);\n', '\tprogress.store(how);\n\texit_code = code;\n', 'get_while_it_ends'),
    'barrier_is_reached_relaxed': (WORKER, 'reached_.store(true, std::memory_order_release)', 'reached_.store(true, std::memory_order_relaxed)', 'queue_and_flush'),
    'lock_is_released_relaxed': (WORKER, 'held_.store(false, std::memory_order_release)', 'held_.store(false, std::memory_order_relaxed)', 'queue_and_flush'),
    'item_is_published_relaxed': (WORKER, 'if (inbox_.compare_exchange_strong(head, &item)) {', 'if (inbox_.compare_exchange_strong(head, &item, std::memory_order_relaxed)) {', 'two_queuers'),
    'reference_is_dropped_relaxed': (WORKER, 'refs_.fetch_sub(1) == 1', 'refs_.fetch_sub(1, std::memory_order_relaxed) == 1', 'item_that_destroys_itself'),
    # A test stands before the state that makes it safe.
    'condition_before_the_state': (STOP, '\t\t\tbridge_idle();\n\t\t\tif (condition()) {\n\t\t\t\tbridge_awake();\n\t\t\t\tbreak;\n\t\t\t}\n', '\t\t\tif (condition())\n\t\t\t\tbreak;\n\t\t\tbridge_idle();\n', 'wait_and_wake'),
    'condition_outside_of_the_queue': (STOP, '\t\t\tbridge_wait_prepare(&waiter, &queue);\n\t\t\tmet = condition();\n', '\t\t\tmet = condition();\n\t\t\tbridge_wait_prepare(&waiter, &queue);\n', 'queue_and_notify'),
    'stop_is_not_tested_before_the_sleep': (THREAD, 'if (is_asked() || deadline <= past)', 'if (deadline <= past)', 'stop_of_a_wait'),
    'end_is_not_tested_before_the_sleep': (THREAD, 'if (ended() || requests.load() & stop_token::stop)', 'if (requests.load() & stop_token::stop)', 'ends_by_itself'),
    'stop_does_not_end_a_join': (THREAD, 'if (ended() || requests.load() & stop_token::stop)', 'if (ended())', 'join_of_created'),
    'park_request_without_the_state': (THREAD, '\t\tbridge_idle();\n\t\tif (!kthread_should_park() && requests_->load() & park)\n\t\t\tschedule();\n', '\t\tif (!kthread_should_park() && requests_->load() & park) {\n\t\t\tbridge_idle();\n\t\t\tschedule();\n\t\t}\n', 'park_and_unpark'),
    # A wake-up is missing.
    'joiner_is_not_woken_by_a_stop': (THREAD, '\tif (joining)\n\t\twake_all_on(&progress);\n', '\t(void)joining;\n', 'stop_and_join'),
    'joiner_is_not_woken_by_the_end': (THREAD, '\tif (asked & stop_token::join)\n\t\twake_up_var(&progress);\n', '', 'ends_by_itself'),
    'owner_is_not_woken': (HANDLE, 'if (owned.exchange(to) == contended)', 'if (owned.exchange(to) == joined)', 'stop_and_stop'),
    'worker_is_not_woken': (WORKER, '\t\t\tif (kept)\n\t\t\t\twake_up_process(kept->task_);\n', '', 'queue_and_flush'),
    'worker_is_not_woken_at_its_end': (WORKER, '\tshared_->close();\n\twake();\n', '\tshared_->close();\n', 'worker_goes'),
    # A request or a state is not what it has to be.
    'park_of_what_has_ended': (THREAD, '\t\tif (state.ended()) {\n', '\t\tif (false) {\n', 'park_of_what_ends'),
    'end_does_not_answer_a_park': (THREAD, '\tstop_token(requests).park_here();\n', '', 'park_of_what_ends'),
    'park_request_is_not_taken_back': (THREAD, '\trequests.fetch_and(static_cast<unsigned char>(~stop_token::park));\n', '', 'park_and_unpark'),
    'parked_thread_is_stopped_parked': (THREAD, '\tif (parked)\n\t\tlet_go();\n\tkthread_stop(task);\n', '\tkthread_stop(task);\n', 'stop_and_park'),
    'stop_is_not_asked_for': (THREAD, '\tif (!ended())\n\t\task_to_stop();\n', '', 'stop_of_a_wait'),
    'join_keeps_possession': (THREAD, '\t\t\tstate_->let_go();\n\t\tstate_->release(thread_state::none);\n', '\t\t\tstate_->let_go();\n', 'ends_by_itself'),
    'cancelled_is_not_told': (THREAD, '\tif (!ended())\n\t\tprogress.store(thread_progress::cancelled);\n', '', 'wake_and_stop'),
    'bind_after_the_start': (HANDLE, 'if (progress() != thread_progress::created)', 'if (false)', 'bind_before_the_start'),
    'bind_list_after_the_start': (THREAD, 'if (!state_->parked && progress() != thread_progress::created)', 'if (false)', 'bind_before_the_start'),
    'waiter_stays_in_the_queue': (STOP, '\t\tbridge_wait_end(&waiter, &queue);\n', '', 'queue_and_notify'),
    # Lifetimes.
    'task_is_not_referenced': (THREAD, '\tbridge_get_task(task);\n', '', 'ends_by_itself'),
    'orphan_is_not_freed': (THREAD, '\tif (asked & stop_token::orphan)\n\t\tdrop();\n', '', 'lets_go_of_its_own_handle'),
    'failed_handle_is_not_empty': (THREAD, '\t\treset();\n\t\treturn std::unexpected(static_cast<errno_t>(address));\n', '\t\treturn std::unexpected(static_cast<errno_t>(address));\n', 'static_thread_fails'),
    'producer_does_not_keep_the_worker': (WORKER, 'const worker_ref kept(as_mark(head) == asleep ? this : nullptr);', 'struct {\n\t\t\tworker_state *state;\n\t\t\tworker_state *operator->() { return state; }\n\t\t\texplicit operator bool() { return state; }\n\t\t} kept{as_mark(head) == asleep ? this : nullptr};', 'item_that_destroys_itself'),
    'barrier_is_touched_after_the_wake_up': (WORKER, '\t\twake_all_on(&reached_);\n', '\t\twake_all_on(&reached_);\n\t\t(void)reached_.load();\n', 'queue_and_flush'),
    'item_is_not_cancelled_when_it_dies': (ITEMS, '~work_call() { this->retire(); }', '~work_call() {}', 'cancel_of_what_runs'),
    'cancel_does_not_wait': (WORKER, '\tshared_->wait_for_end(*this, dying);\n', '\t(void)dying;\n', 'cancel_of_what_runs'),
    # The worker's lists.
    'sleep_is_a_plain_store': (WORKER, '\tinbox_.compare_exchange_strong(was, as_node(asleep));\n', '\tif (!is_item(inbox_.load()))\n\t\tinbox_.store(as_node(asleep));\n', 'worker_goes'),
    'close_forgets_what_is_in_the_inbox': (WORKER, 'sort(inbox_.exchange(as_node(closed)));', 'inbox_.exchange(as_node(closed));', 'worker_goes'),
    'flush_does_not_look_into_the_inbox': (WORKER, '\t\tdrain();\n\t\tif (is_idle())', '\t\tif (is_idle())', 'queue_and_flush_worker'),
    'flush_forgets_what_runs': (WORKER, 'ready_.next == &ready_ && !current_;', 'ready_.next == &ready_;', 'queue_and_flush_worker'),
    'what_ran_stays_current': (WORKER, '\tconst guard locked(lock_);\n\n\tcurrent_ = nullptr;\n', '\tconst guard locked(lock_);\n\n', 'queue_and_flush'),
    'item_stays_pending': (WORKER, '\titem->state_.fetch_and(~work_item::pending);\n\tlock_.release();\n', '\tlock_.release();\n', 'queues_itself'),
    'worker_does_not_end': (WORKER, 'ended_ = was == as_node(closed);', 'ended_ = false;', 'worker_goes'),
    'flush_drops_a_delayed_item': (WORKER, '\t\tif (disarm())\n\t\t\tshared_->push(*this);\n', '\t\tdisarm();\n', 'queue_after_and_flush'),
}

project, out, *names = sys.argv[1:]
here = f'{project}/kunit/explore'


def file_of(scenario):
    for name in os.listdir(f'{here}/scenarios'):
        if re.search(rf'^SCENARIO\({scenario}\b', open(f'{here}/scenarios/{name}').read(), re.M):
            return name[:-len('.cc')]
    return None


def run(name):
    file, old, new, command = MUTANTS[name]
    scenario, *options = command.split()
    tree = f'{out}/mutants/{name}'
    shutil.rmtree(tree, ignore_errors=True)
    for part in 'module', 'cxxrt':
        shutil.copytree(f'{project}/{part}', f'{tree}/{part}')
    path = f'{tree}/module/kthread/{file}'
    text = open(path).read()
    if text.count(old) != 1:
        return f'not ok explore: mutant {name}: its text stands in {file} {text.count(old)} times'
    open(path, 'w').write(text.replace(old, new))
    # The explorer and the model are the same for all.
    for object in os.listdir(out):
        if re.match(r'(engine|steps|memory|hooks|story|main|model-.*)\.o$', object):
            shutil.copy2(f'{out}/{object}', tree)
    made = subprocess.run(['make', '-s', '-C', here, f'TREE={tree}', f'OUT={tree}', f'SCENARIOS={file_of(scenario)}'],
                          capture_output=True, text=True)
    if made.returncode:
        return f'{made.stderr}\nnot ok explore: mutant {name} does not build'
    ran = subprocess.run([f'{tree}/explore', *options, scenario], capture_output=True, text=True)
    found = re.search(r'^not ok explore: .*?, after (\d+) schedules, .*?: (.*)', ran.stdout, re.M)
    shutil.rmtree(tree)
    if ran.returncode != 1 or not found:
        return f'{ran.stdout[-300:]}\nnot ok explore: mutant {name} is not found by {command}'
    return f'ok explore: mutant {name}: {command}, schedule {found[1]}: {found[2]}'


missing = [name for name in names if name not in MUTANTS]
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    results = list(pool.map(run, [name for name in names or MUTANTS if name in MUTANTS]))
results += [f'not ok explore: no mutant {name}' for name in missing]
print(*results, sep='\n')
sys.exit(any('not ok' in result for result in results))
