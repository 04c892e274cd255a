# SPDX-License-Identifier: GPL-2.0
# What scripts/bench --plot draws, of the file that report.py --growth wrote.
set terminal svg size 800,450 background "white" font "sans-serif,13"
set datafile missing "-"
set logscale xy
set xlabel "threads"
set ylabel "µs per thread"
set key below
set grid
plot file using 1:6 with linespoints title "stop, ssleep(2)", \
	"" using 1:2 with linespoints title "start, C", \
	"" using 1:3 with linespoints title "start, C++", \
	"" using 1:4 with linespoints title "stop, C", \
	"" using 1:5 with linespoints title "stop, C++"
