package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/pluginstest"
)

var update = flag.Bool("transcripts", false, "put into the documentation what its commands print, where it differs")

// A transcript is a page of the documentation with commands and what they print, in blocks of the language console.
type transcript struct {
	file   string
	prose  []string
	blocks [][]transcribed
}

// A transcribed is a command and the lines that it prints; "…" stands for any lines, or for any text in a line.
type transcribed struct {
	command string
	prints  []string
}

func readTranscript(t *testing.T, file string) *transcript {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	prose, blocks := console(string(text))
	return &transcript{file, prose, blocks}
}

// compare compares what the commands of blocks print with the page, or with -transcripts writes it there.
func (p *transcript) compare(t *testing.T, blocks [][]transcribed, output [][]string) {
	t.Helper()
	for _, block := range blocks {
		for i, c := range block {
			got := output[0]
			output = output[1:]
			switch {
			case matches(masked(lines(strings.Join(c.prints, "\n"))), masked(got)):
			case *update:
				block[i].prints = elide(c.prints, got)
			default:
				t.Errorf("%s: $ %s\n%s\nprints\n%s", p.file, c.command, strings.Join(c.prints, "\n"), strings.Join(got, "\n"))
			}
		}
	}
	if *update {
		if err := os.WriteFile(p.file, []byte(weave(p.prose, p.blocks)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

const fence = "```console\n"

// console splits a page into its prose and its blocks of commands.
func console(text string) (prose []string, blocks [][]transcribed) {
	for i, part := range strings.Split(text, fence) {
		if i > 0 {
			var code string
			code, part, _ = strings.Cut(part, "```\n")
			blocks = append(blocks, commands(code))
		}
		prose = append(prose, part)
	}
	return prose, blocks
}

func commands(code string) (all []transcribed) {
	for _, line := range strings.Split(strings.TrimSuffix(code, "\n"), "\n") {
		if command, is := strings.CutPrefix(line, "$ "); is {
			all = append(all, transcribed{command: command})
		} else {
			last := &all[len(all)-1]
			last.prints = append(last.prints, line)
		}
	}
	return all
}

// weave puts a page together again.
func weave(prose []string, blocks [][]transcribed) string {
	text := prose[0]
	for i, block := range blocks {
		text += fence
		for _, c := range block {
			text += strings.Join(append([]string{"$ " + c.command}, c.prints...), "\n") + "\n"
		}
		text += "```\n" + prose[i+1]
	}
	return text
}

// A reader tries the commands of a page in a folder.
type reader struct {
	dir string
	env []string
	// here makes of the names and addresses of the page those of the test, and page makes them again those of the page.
	here, page *strings.Replacer
}

// typeIn runs commands one after the other in a shell, and returns the lines that each prints.
func (r reader) typeIn(t *testing.T, all []transcribed) (output [][]string) {
	t.Helper()
	script := "exec 2>&1\ncode=0\n"
	for _, c := range all {
		script += "printf '\\001'; (exit $code)\n" + r.here.Replace(c.command) + "\ncode=$?\n"
	}
	shell := exec.Command("sh", "-c", script)
	shell.Dir, shell.Env = r.dir, r.env
	out, err := shell.CombinedOutput()
	parts := strings.Split(r.page.Replace(string(out)), "\x01")
	if len(parts) != len(all)+1 {
		t.Fatalf("%d of %d commands ran: %v\n%s", len(parts)-1, len(all), err, out)
	}
	for _, part := range parts[1:] {
		output = append(output, lines(part))
	}
	return output
}

func lines(text string) []string {
	if text = strings.TrimRight(text, "\n"); text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// exampleDir copies an example into a repository of its own, after a change by a script, and returns its path.
func exampleDir(t *testing.T, name, change string, env []string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(examples, name))); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("sh", "-ec", change+"\ngit init -q\ngit add -A\ngit commit -qm begin")
	c.Dir, c.Env = dir, env
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

// readerEnv returns the environment of who tries a page at a terminal of their own: nothing of a pipeline, and a name for git.
func readerEnv(t *testing.T) []string {
	t.Helper()
	cache := t.TempDir()
	if err := pluginstest.Link(cache); err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), "CI=", "GITHUB_ACTIONS=", "GITLAB_CI=", "DAVIT_CACHE="+cache, "XDG_STATE_HOME="+t.TempDir(), "USER=ann",
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=user.name", "GIT_CONFIG_VALUE_0=Ann",
		"GIT_CONFIG_KEY_1=user.email", "GIT_CONFIG_VALUE_1=ann@example.com")
}

var masks = []struct {
	of *regexp.Regexp
	is string
}{
	{regexp.MustCompile(`\b[0-9a-f]{12,64}\b`), "ID"},
	{regexp.MustCompile(`\b\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?Z?`), "DATE"},
	{regexp.MustCompile(`\b\d+(\.\d+){3}/\d+\b`), "SUBNET"},
	{regexp.MustCompile(`\b(\d+(\.\d+)?(ms|s|m|h|d))+\b`), "TIME"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+( → |$)`), "ADDRESS"},
	{regexp.MustCompile(` +`), " "},
}

// ofStep matches a line of a step while steps run.
var ofStep = regexp.MustCompile(`^[a-z]+:[a-z-]+ `)

// masked returns lines without names, times and addresses that differ each time. Lines of steps that run at once are in the
// order of the steps.
func masked(all []string) []string {
	all = slices.Clone(all)
	for i := range all {
		for _, m := range masks {
			all[i] = m.of.ReplaceAllString(all[i], m.is)
		}
	}
	for i, end := 0, 0; i < len(all); i = end + 1 {
		for end = i; end < len(all) && ofStep.MatchString(all[end]); end++ {
		}
		slices.SortStableFunc(all[i:end], func(a, b string) int {
			return strings.Compare(ofStep.FindString(a), ofStep.FindString(b))
		})
	}
	return all
}

// matches reports whether lines are those wanted; "…" stands for any.
func matches(want, got []string) bool {
	switch {
	case len(want) == 0:
		return len(got) == 0
	case want[0] == "…":
		return matches(want[1:], got) || len(got) > 0 && matches(want, got[1:])
	}
	return len(got) > 0 && matchesLine(want[0], got[0]) && matches(want[1:], got[1:])
}

// matchesLine reports whether a line is the one wanted; "…" stands for any text.
func matchesLine(want, got string) bool {
	head, tail, elided := strings.Cut(want, "…")
	return want == got || elided && len(got) >= len(head)+len(tail) && strings.HasPrefix(got, head) && strings.HasSuffix(got, tail)
}

// elide leaves out as many lines as were left out before, and keeps the empty line before the next command.
func elide(was, is []string) []string {
	if len(was) > 0 && was[len(was)-1] == "" {
		return append(elide(was[:len(was)-1], is), "")
	}
	head := slices.Index(was, "…")
	if head < 0 || len(is) < len(was) {
		return is
	}
	tail := len(was) - head - 1
	return slices.Concat(is[:head], []string{"…"}, is[len(is)-tail:])
}
