// Command bench measures the budgets of davit and prints them as one table of ratios.
//
// It measures whole processes, as a shell would start them. davit and the programs it is compared with take
// turns, so that a slow moment of the machine is slow for all of them. A cell is the median with the least
// and the most; ratios and budgets compare medians. Milliseconds depend on the machine, ratios much less: a
// budget is a multiple of an empty Go program, of a peer, or of T, which is what "turbo run" takes with
// nothing to do on the same project in the same rounds.
//
// With -against, another davit takes part in the same rounds, and each row is followed by one that compares
// the two.
//
// It is a benchmark, not a test: the table says which budgets are exceeded, and the exit code is 0 all the
// same.
//
// Everything is generated below a temporary folder that is removed at the end. Peers are kept, by version, in
// "davit-bench" below the user's cache folder. A missing one is installed from its registry; where that
// fails, its rows say "not measured" and why.
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
	runs int
	// davit and against are paths; against is empty if only one davit is measured.
	davit, against string
	only           *regexp.Regexp
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
	fmt.Fprint(out, b.system(), "\n", table(rows))
	return nil
}

func parse(args []string, progress io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(progress)
	flags.IntVar(&o.runs, "n", 15, "how often each command is measured")
	flags.StringVar(&o.davit, "davit", filepath.Join("bin", "davit"+exe()), "the davit to measure")
	flags.StringVar(&o.against, "against", "", "another davit, measured in the same rounds, to compare with")
	only := flags.String("only", "", "measure only the groups that match this regular expression: "+
		groupNames())
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

// exe returns the ending of a program's name.
func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}
