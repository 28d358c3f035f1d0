package main

import (
	"crypto/rand"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/plugins/pluginstest"
)

var update = flag.Bool("guide", false, "put into docs/environments.md what its commands print")

const guideFile = "../../docs/environments.md"

// A guideCommand is a command of the guide and the lines that it prints; "…" matches any lines.
type guideCommand struct {
	command string
	prints  []string
}

// TestGuide types the commands of docs/environments.md into a shell, in a copy of the shop, and compares what
// they print, except for names, times and addresses that differ each time.
func TestGuide(t *testing.T) {
	t.Parallel()
	enginetest.Docker(t)
	text, err := os.ReadFile(guideFile)
	if err != nil {
		t.Fatal(err)
	}
	prose, blocks := console(string(text))
	output := typeIn(t, slices.Concat(blocks...))
	for i, block := range blocks {
		for j, c := range block {
			got := output[0]
			output = output[1:]
			if *update {
				blocks[i][j].prints = elide(c.prints, got)
			} else if !matches(masked(c.prints), masked(got)) {
				t.Errorf("$ %s\n%s\nprints\n%s", c.command, strings.Join(c.prints, "\n"),
					strings.Join(got, "\n"))
			}
		}
	}
	if *update {
		if err := os.WriteFile(guideFile, []byte(weave(prose, blocks)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

const fence = "```console\n"

// console splits a guide into its prose and its blocks of commands.
func console(text string) (prose []string, blocks [][]guideCommand) {
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

func commands(code string) (all []guideCommand) {
	for _, line := range strings.Split(strings.TrimSuffix(code, "\n"), "\n") {
		if command, is := strings.CutPrefix(line, "$ "); is {
			all = append(all, guideCommand{command: command})
		} else {
			last := &all[len(all)-1]
			last.prints = append(last.prints, line)
		}
	}
	return all
}

// weave puts the guide together again.
func weave(prose []string, blocks [][]guideCommand) string {
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

// typeIn runs commands one after the other in a shell, in a copy of the shop with another name, and returns
// the lines that each prints.
func typeIn(t *testing.T, all []guideCommand) (output [][]string) {
	project := "s" + strings.ToLower(rand.Text()[:3]) // as long as the real name, so that tables are as wide
	t.Cleanup(func() { tidy(project) })
	script := "exec 2>&1\n"
	for _, c := range all {
		script += "printf '\\001'; (exit $code)\n" + c.command + "\ncode=$?\n"
	}
	shell := exec.Command("sh", "-c", strings.ReplaceAll("code=0\n"+script, "shop-", project+"-"))
	shell.Dir, shell.Env = shop(t, project), guideEnv(t)
	out, err := shell.CombinedOutput()
	parts := strings.Split(strings.ReplaceAll(string(out), project, "shop"), "\x01")
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

// shop copies the example into a repository of its own, and returns its path.
func shop(t *testing.T, project string) string {
	dir := filepath.Join(t.TempDir(), "shop")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(examples, "shop"))); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf(
		`sed -i 's/^name = "shop"/name = "%s"/' project.toml && git init -q && git add -A && git commit -qm begin`,
		project)
	c := exec.Command("sh", "-c", script)
	c.Dir, c.Env = dir, guideEnv(t)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

// guideEnv returns the environment of the shell: a name for git, and ports that nobody else on the machine
// has. The guide itself shows the ports of the shop.
func guideEnv(t *testing.T) []string {
	cache := t.TempDir()
	if err := pluginstest.Link(cache); err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), "DAVIT_CACHE="+cache, "XDG_STATE_HOME="+t.TempDir(), "USER=ann", "GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_CONFIG_COUNT=2",
		"GIT_CONFIG_KEY_0=user.name", "GIT_CONFIG_VALUE_0=Ann", "GIT_CONFIG_KEY_1=user.email",
		"GIT_CONFIG_VALUE_1=ann@example.com")
	if !*update {
		env = append(env, "SHOP_PORT=0")
	}
	return env
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

// masked returns lines without names, times and addresses that differ each time.
func masked(all []string) []string {
	all = slices.Clone(all)
	for i := range all {
		for _, m := range masks {
			all[i] = m.of.ReplaceAllString(all[i], m.is)
		}
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
	return len(got) > 0 && want[0] == got[0] && matches(want[1:], got[1:])
}

// elide leaves out as many lines as were left out before.
func elide(was, is []string) []string {
	head := slices.Index(was, "…")
	if head < 0 || len(is) < len(was) {
		return is
	}
	tail := len(was) - head - 1
	return slices.Concat(is[:head], []string{"…"}, is[len(is)-tail:])
}
