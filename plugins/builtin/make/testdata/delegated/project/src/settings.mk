OPT = -O2
