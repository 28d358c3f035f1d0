// Manpage prints the manual page davit(1), made from the grammar of the command line. The same sources give the same page.
//
//	go run ./cmd/internal/manpage -version 1.2.3 > davit.1
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	mango "github.com/alecthomas/mango-kong"
	"github.com/muesli/roff"

	"github.com/davit-dev/davit/cmd/internal/cli"
)

func main() {
	version := flag.String("version", "", "the version of davit")
	flag.Parse()
	page, err := manual(*version)
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
	fmt.Print(page)
}

// manual returns the page of a version.
func manual(version string) (string, error) {
	model, err := cli.Model()
	if err != nil {
		return "", err
	}
	page := mango.NewManPage(1, model).WithSection("Exit status", exitStatus).
		WithSection("See also", "davit help COMMAND, davit schema project, https://github.com/davit-dev/davit").
		Build(roff.NewDocument())
	_, body, found := strings.Cut(page, "\n") // the title has the day on which the page is made
	if !found {
		return "", fmt.Errorf("the page has no title: %q", page)
	}
	return fmt.Sprintf(".TH DAVIT 1 \"\" \"davit %s\" \"davit\"\n%s", strings.ReplaceAll(version, `"`, ""), body), nil
}

// exitStatus is the table of the README.
const exitStatus = `0: done

1: a step or a deploy failed, or a plugin that may be a part of the target is bad

2: what was asked for does not exist or is not possible; nothing was run

3: with --exit-code or --check: changes were found

4: refused, and nothing was changed; the hint names what allows it

130, 143, 129: Ctrl-C, SIGTERM, SIGHUP`
