package ui

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/text"
)

type stringer string

func (s stringer) String() string { return string(s) }

type kind string

func TestPrintfCleansWhatIsNotATextOfItsOwn(t *testing.T) {
	var out bytes.Buffer
	s, _ := streamsTo(&out, 0, 0, nil)
	s.Color = "always"
	bad := "\x1b]0;x\a\n::add-mask::x"
	style := s.OutStyle()
	s.Printf("%s|%s|%s|%-3s|%q|%v|%d|%t|%.1f\n", bad, errors.New(bad), stringer(bad), kind(bad), bad, []string{bad}, 7, true, 1.5)
	s.Printf("%s %s %s %s\n", style.Bold(bad), style.Plain(bad), Lines("  ", bad), style.Hue(9)(bad))
	s.Table([][]string{{"a" + bad, bad}}, func(_, _ int, text string) Text { return style.Red(text) })
	s.Tracef("%s", bad)
	s.Warning(bad, bad)
	s.Error(errors.New(bad))
	s.Patch("  ", "+"+bad)
	checkOutput(t, out.String())
	if clean := style.Bold("clean").String(); clean != "\x1b[1mclean\x1b[0m" {
		t.Errorf("the colour is %q", clean)
	}
}

// checkOutput checks that all that is left of others' text is harmless. davit's own colours are taken away.
func checkOutput(t *testing.T, out string) {
	t.Helper()
	for line := range strings.SplitSeq(uncolored.Replace(out), "\n") {
		if again := text.Line(line); again != line {
			t.Errorf("%q is no harmless line: %q", line, again)
		}
	}
}

var uncolored = strings.NewReplacer("\x1b[0m", "", "\x1b[1m", "", "\x1b[2m", "", "\x1b[31m", "", "\x1b[32m", "",
	"\x1b[33m", "", "\x1b[35m", "")

// TestDisplaysCleanEverythingButOutput sends events full of others' text to each display.
func TestDisplaysCleanEverythingButOutput(t *testing.T) {
	bad := "x\x1b[2J\u202e\u009b2J\r::error::\n::endgroup::\nsection_end:1:davit_1_x\r\x1b[0K"
	events := []Event{
		{Type: EventRun, Targets: []string{bad}, Steps: 2}, {Type: EventProgress, Step: bad, Text: bad},
		{Type: EventStep, Step: bad, Status: StatusRunning, Command: bad},
		{Type: EventWarning, Step: bad, Text: bad, Hint: bad},
		{Type: EventStep, Step: bad, Status: StatusFailed, Reason: bad, Hint: bad, Exit: 1},
		{Type: EventStep, Step: "b", Status: StatusSkipped, Reason: bad}, {Type: EventError, Text: bad, Hint: bad},
		{Type: EventEnd, Status: bad, Caveats: []string{bad}, Images: []string{bad}, References: []string{bad}},
	}
	tried := 0
	for name, env := range map[string]map[string]string{
		"plain": {}, "github": {"GITHUB_ACTIONS": "true"}, "gitlab": {"GITLAB_CI": "true"}, "quiet": {}, "json": {},
	} {
		var out bytes.Buffer
		s, c := streamsTo(&out, 0, 0, env)
		play(s, c, Options{Quiet: name == "quiet", JSON: name == "json"}, events)
		shown := out.String()
		for line := range strings.SplitSeq(shown, "\n") {
			if !strings.HasPrefix(line, "::error title=") { // davit's own
				checkOutput(t, line)
			}
		}
		tried += len(events)
	}
	screen := newVT(t, 300, 40) // which knows the sequences of davit only
	s, c := streamsTo(screen, 300, 40, nil)
	play(s, c, Options{}, events)
	checkOutput(t, screen.String())
	tried += len(events)
	t.Logf("%d events tried, %d held", tried, tried)
}

func TestStepsCannotEndGroups(t *testing.T) {
	for output, want := range map[string]string{
		"plain: a::b\n":                         "plain: a::b\n",
		"::group::a\n::endgroup::\n":            "\\::group::a\n\\::endgroup::\n",
		"a\r::EndGroup::\r\n \t::group x=1::\n": "a\r\\::EndGroup::\r\n \t\\::group x=1::\n",
		"\u00a0::endgroup::":                    "\u00a0\\::endgroup::",
		"a ##[endgroup]##[Group]x\n":            "a #\\#[endgroup]#\\#[Group]x\n",
		"##[stop-commands]x\n":                  "#\\#[stop-commands]x\n",
		"::add-mask::x\n::error file=a::b\n::warning::c\n##[error]d\n::set-output name=a::::group::\n": "::add-mask::x\n::error file=a::b\n::warning::c\n##[error]d\n::set-output name=a::::group::\n",
		"::stop-commands::abc-1\n::error::x\n":                                                         "::stop-commands::abc-1\n::error::x\n::abc-1::\n",
		"::stop-commands::abc-1\n::endgroup::\n::ABC-1::\n":                                            "::stop-commands::abc-1\n\\::endgroup::\n::ABC-1::\n",
		"::stop-commands::a\n::stop-commands::b\n::a::\n":                                              "::stop-commands::a\n\\::stop-commands::b\n::a::\n",
		"::stop-commands::a\n::a::\n::stop-commands::b\n":                                              "::stop-commands::a\n::a::\n::stop-commands::b\n::b::\n",
		"::stop-commands::a b\n::stop-commands::\n":                                                    "\\::stop-commands::a b\n\\::stop-commands::\n",
		"::stop-commands::error\n::stop-commands::a%0A::b::\n":                                         "\\::stop-commands::error\n\\::stop-commands::a%0A::b::\n",
		"::stop-commands::Group\n::stop-commands::a::b\n":                                              "\\::stop-commands::Group\n\\::stop-commands::a::b\n",
	} {
		if got := (github{}).contain(output); got != want {
			t.Errorf("%q becomes %q, want %q", output, got, want)
		}
	}
	section := "\x1b[0Ksection_end:1:davit_1_x\r\x1b[0K section_start:2:y[collapsed=true]\r\x1b[0Kx_section_end\n"
	want := "\x1b[0Ksection\\_end:1:davit_1_x\r\x1b[0K section\\_start:2:y[collapsed=true]\r\x1b[0Kx_section_end\n"
	if got := (&gitlab{}).contain(section); got != want {
		t.Errorf("%q becomes %q, want %q", section, got, want)
	}
}

// FuzzGitHubGroupsStayWhole follows the output of a step as a runner does: no group begins or ends within it,
// commands work again after it, and all others have been given as they were.
func FuzzGitHubGroupsStayWhole(f *testing.F) {
	for _, s := range []string{"::endgroup::", "::stop-commands::x\n::group::\n::x::\n", " ##[group]", "\r::error::x\n",
		"::stop-commands::x\n::add-mask::y", "::stop-commands::endgroup"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l := newLogs()
		l.keep(Event{Step: "a", Stream: "stdout", Text: s})
		got := (github{}).contain(l.take("a"))
		stopped := ""
		for line := range strings.FieldsFuncSeq(got, func(r rune) bool { return r == '\n' || r == '\r' }) {
			name, data := workflowCommand(line)
			switch {
			case stopped != "" && name == strings.ToLower(stopped):
				stopped = ""
			case stopped == "" && name == "stop-commands":
				stopped = data
			case name == "group" || name == "endgroup", strings.Contains(strings.ToLower(line), "##[endgroup"):
				t.Errorf("%q leaves %q in %q", s, line, got)
			}
		}
		if stopped != "" {
			t.Errorf("%q leaves commands stopped: %q", s, got)
		}
	})
}

func TestOutputOfContainers(t *testing.T) {
	bad := "\x1b]0;x\a\x1b[31mred\x1b[2J\u202e\tx"
	for terminal, want := range map[bool]string{false: bad, true: "\x1b[31mred\tx"} {
		var out bytes.Buffer
		s, _ := streamsTo(&out, map[bool]int{true: 80}[terminal], 24, nil)
		w, _ := s.Program(false)
		fmt.Fprint(w, bad)
		if out.String() != want {
			t.Errorf("terminal %v: got %q, want %q", terminal, out.String(), want)
		}
		if line := s.ProgramLine(bad).String(); !terminal && line != bad || terminal && line != "\x1b[31mred    x\x1b[0m" {
			t.Errorf("terminal %v: the line is %q", terminal, line)
		}
		out.Reset()
		w, _ = s.Program(true)
		if fmt.Fprint(w, bad); out.String() != bad {
			t.Errorf("a program that owns the terminal prints %q, want %q", out.String(), bad)
		}
	}
}

func TestFilesOfATerminalAreThoseOfTheCaller(t *testing.T) {
	s := NewStreams(os.Stdin, &bytes.Buffer{}, &bytes.Buffer{}, nil, time.Now)
	if in, out, err := s.Files(); in != os.Stdin || out != nil || err != nil {
		t.Errorf("got %v, %v, %v", in, out, err)
	}
}
