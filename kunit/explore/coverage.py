# SPDX-License-Identifier: GPL-2.0
#
# coverage.py PROJECT OUT: which lines and branches of module/kthread the scenarios have run, in the build in
# OUT. Each line that none has run needs a reason in uncovered.txt: the file, the text of the line and the reason, with tabs
# between them.
import collections, glob, json, os, subprocess, sys

project, out = sys.argv[1:]
library = os.path.realpath(f'{project}/module/kthread')
lines, branches = collections.Counter(), collections.Counter()

for data in glob.glob(f'{out}/*.gcda'):
    text = subprocess.run(['gcov', '-b', '--json-format', '--stdout', data], capture_output=True, text=True, cwd=out).stdout
    for part in text.splitlines():
        for file in json.loads(part)['files']:
            path = os.path.realpath(os.path.join(out, file['file']))
            if not path.startswith(library):
                continue
            for line in file['lines']:
                at = os.path.basename(path), line['line_number']
                lines[at] += line['count']
                for i, branch in enumerate(line['branches']):
                    branches[(*at, i)] += branch['count']

reasons = {}
for line in open(f'{project}/kunit/explore/uncovered.txt'):
    file, text, reason = line.rstrip('\n').split('\t')
    reasons[file, text] = reason
bad = False
unused = dict(reasons)
for (file, number), count in sorted(lines.items()):
    if count:
        continue
    text = open(f'{library}/{file}').readlines()[number - 1].strip()
    unused.pop((file, text), None)
    reason = reasons.get((file, text))
    bad |= not reason
    print(f'{"#" if reason else "not ok explore: no scenario runs"} {file}:{number}: {text}{": " + reason if reason else ""}')
for file, text in unused:
    bad = True
    print(f'not ok explore: this line has been run, and needs no reason: {file}: {text}')


def share(of):
    return f'{sum(count > 0 for count in of.values())} of {len(of)}'


print(f'{"not ok" if bad or not lines else "ok"} explore: coverage of module/kthread: {share(lines)} lines, {share(branches)} branches')
sys.exit(bad or not lines)
