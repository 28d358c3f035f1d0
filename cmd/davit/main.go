// Command davit gives every repository the same entry points.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/davit-dev/davit/internal/cli"
	"github.com/davit-dev/davit/internal/ui"
)

func main() { os.Exit(run()) }

func run() int {
	collectLess()
	dir, err := os.Getwd()
	if err != nil {
		fmt.Fprintf(os.Stderr, "error: the current folder cannot be read: %v\n", err)
		return 2
	}
	return cli.Main(cli.Process{
		Args: os.Args[1:], Dir: dir, Environ: os.Environ(), Cache: cacheDir(), Signals: signals,
		Streams: ui.NewStreams(os.Stdin, os.Stdout, os.Stderr, os.Getenv, time.Now),
	})
}

// cacheDir is DAVIT_CACHE, else the folder "davit" in the user's cache folder; empty where there is none.
func cacheDir() string {
	if dir := os.Getenv("DAVIT_CACHE"); dir != "" {
		return dir
	}
	if dir, err := os.UserCacheDir(); err == nil {
		return filepath.Join(dir, "davit")
	}
	return ""
}
