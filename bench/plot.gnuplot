# SPDX-License-Identifier: GPL-2.0
# What scripts/bench --plot draws, of the files in `data` that report.py --plots wrote, to files in `out`.
set terminal svg size 800,450 background "white" font "sans-serif,13"
set datafile missing "-"
set logscale xy
set format x "%.0f"
set key below
set grid

set output out."/threads.svg"
set xlabel "threads"
set ylabel "µs per thread"
plot data."/threads" using 1:($6/1000) with linespoints title "stop, ssleep(2)", \
	"" using 1:($2/1000) with linespoints title "start, C", \
	"" using 1:($3/1000) with linespoints title "start, C++", \
	"" using 1:($4/1000) with linespoints title "stop, C", \
	"" using 1:($5/1000) with linespoints title "stop, C++"

set output out."/jobs.svg"
set xlabel "jobs: a timer in C, a task in C++"
set ylabel "instructions per job or beat"
plot data."/jobs" using 1:2 with linespoints title "create, C", \
	"" using 1:3 with linespoints title "create, C++", \
	"" using 1:4 with linespoints title "beat, C", \
	"" using 1:5 with linespoints title "beat, C++", \
	"" using 1:6 with linespoints title "stop, C", \
	"" using 1:7 with linespoints title "stop, C++"

set output out."/items.svg"
set terminal svg size 1000,480 background "white" font "sans-serif,13"
set logscale x 2
set xrange [0.8:20]
set yrange [50:20000]
set xlabel "threads that queue items"
set ylabel "ns per item"
set multiplot layout 1,2
do for [cpus in "4 8"] {
	set title cpus." emulated CPUs"
	plot data."/items-".cpus using 1:2 with linespoints title "kthread\\_worker", \
		"" using 1:5 with linespoints title "ordered workqueue", \
		"" using 1:6 with linespoints title "unbound workqueue", \
		"" using 1:4 with linespoints title "llist, no cancel", \
		"" using 1:3 with linespoints title "C++ worker"
}
unset multiplot
