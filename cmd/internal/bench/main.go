// Command bench measures the budgets of davit and prints them as one table of ratios.
//
// What is measured are whole processes, as a user's shell would start them, on the machine at hand: davit and its peers take
// turns (A B C A B C …), so that a slow moment is slow for all of them. A cell is the median with the least and the most;
// what a budget compares are medians. Absolute numbers belong to the machine, ratios travel.
//
// It is a benchmark and not a test: a budget that is not met is said in the table, and the exit code is 0 all the same.
//
// Everything is generated below a temporary folder that is gone at the end. Peers are kept, by version, below "davit-bench"
// in the user's cache folder; one that is not there is installed from its registry, and skipped with a line if that cannot be.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "error: %v\n", err)
		stop()
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	runs  int
	davit string
	only  *regexp.Regexp
}

func run(ctx context.Context, args, environ []string, out, progress io.Writer) error {
	o, err := parse(args, progress)
	if err != nil {
		return err
	}
	temp, err := os.MkdirTemp("", "davit-bench-")
	if err != nil {
		return err
	}
	defer removeAll(temp)
	b, err := newBench(o, temp, environ, progress)
	if err != nil {
		return err
	}
	rows, err := b.measure(ctx)
	if err != nil {
		return err
	}
	fmt.Fprint(out, b.system(), "\n", table(rows), b.notes())
	return nil
}

func parse(args []string, progress io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(progress)
	flags.IntVar(&o.runs, "n", 15, "how often each command is measured")
	flags.StringVar(&o.davit, "davit", filepath.Join("bin", "davit"+exe()), "the davit to measure")
	only := flags.String("only", "", "measure only the groups that match this regular expression: "+groupNames())
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.runs < 1 {
		return o, fmt.Errorf("-n %d: wanted 1 or more", o.runs)
	}
	if o.only, err = regexp.Compile(*only); err != nil {
		return o, err
	}
	if !slices.ContainsFunc(groups, func(g group) bool { return o.only.MatchString(g.name) }) {
		return o, fmt.Errorf("-only %q: matches none of %s", *only, groupNames())
	}
	return o, nil
}

// exe is the ending of the name of a program.
func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}
