# SPDX-License-Identifier: GPL-2.0
# What scripts/bench --plot draws, of the files in `data` that report.py --plots wrote, to files in `out`.
# C is dashed, C++ is not.
set terminal svg size 900,420 background "white" font "sans-serif,13"
set datafile missing "-"
set logscale xy
set format "%.0f"
set key outside right center width 1
set grid
blue = "#0060b0"; red = "#c03020"; green = "#208040"; grey = "#707070"
set style data linespoints

set output out."/threads.svg"
set xlabel "threads"
set ylabel "µs per thread"
plot data."/threads" using 1:($6/1000) title "stop, ssleep(2)" lc rgb grey dt 2 pt 1, \
	"" using 1:($2/1000) title "start, C" lc rgb blue dt 2 pt 4, \
	"" using 1:($3/1000) title "start, C++" lc rgb blue pt 7 ps 0.6, \
	"" using 1:($4/1000) title "stop, C" lc rgb red dt 2 pt 4, \
	"" using 1:($5/1000) title "stop, C++" lc rgb red pt 7 ps 0.6

set output out."/jobs.svg"
set xlabel "jobs"
set ylabel "instructions per job or beat"
plot data."/jobs" using 1:2 title "create, C" lc rgb blue dt 2 pt 4, \
	"" using 1:3 title "create, C++" lc rgb blue pt 7 ps 0.6, \
	"" using 1:4 title "beat, C" lc rgb green dt 2 pt 4, \
	"" using 1:5 title "beat, C++" lc rgb green pt 7 ps 0.6, \
	"" using 1:6 title "stop, C" lc rgb red dt 2 pt 4, \
	"" using 1:7 title "stop, C++" lc rgb red pt 7 ps 0.6

set output out."/items.svg"
set logscale x 2
set xrange [0.8:20]
set yrange [50:100000]
set xlabel "threads that queue items"
set ylabel "ns per item"
set key inside top left
set multiplot layout 1,2
do for [cpus in "4 8"] {
	set title cpus." emulated CPUs"
	plot data."/items-".cpus using 1:6 title "unbound workqueue" lc rgb grey dt 2 pt 1, \
		"" using 1:5 title "ordered workqueue" lc rgb blue dt 2 pt 2, \
		"" using 1:2 title "kthread\\_worker" lc rgb green dt 2 pt 4, \
		"" using 1:4 title "llist, no cancel" lc rgb "black" dt 2 pt 6, \
		"" using 1:3 title "C++ worker" lc rgb red pt 7 ps 0.6
}
unset multiplot
