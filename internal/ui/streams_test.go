package ui

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
)

func TestColour(t *testing.T) {
	for _, c := range []struct {
		mode     string
		env      string
		terminal bool
		want     bool
	}{
		{terminal: true, want: true},
		{terminal: false, want: false},
		{mode: "auto", terminal: true, want: true},
		{mode: "always", env: "NO_COLOR=1", want: true},
		{mode: "never", env: "FORCE_COLOR=1", terminal: true, want: false},
		{env: "NO_COLOR=1", terminal: true, want: false},
		{env: "NO_COLOR=", terminal: true, want: true},
		{env: "NO_COLOR=1 CLICOLOR_FORCE=1", terminal: true, want: false},
		{env: "CLICOLOR_FORCE=1", want: true},
		{env: "CLICOLOR_FORCE=0", want: false},
		{env: "FORCE_COLOR=true TERM=dumb", want: true},
		{env: "FORCE_COLOR=false", want: false},
		{env: "CLICOLOR=0", terminal: true, want: false},
		{env: "TERM=dumb", terminal: true, want: false},
	} {
		env := map[string]string{}
		for pair := range strings.FieldsSeq(c.env) {
			name, value, _ := strings.Cut(pair, "=")
			env[name] = value
		}
		width := 0
		if c.terminal {
			width = 80
		}
		s, _ := streamsTo(io.Discard, width, 24, env)
		s.Color = c.mode
		if got := s.OutStyle().Enabled(); got != c.want {
			t.Errorf("%+v: colour is %v", c, got)
		}
	}
}

func TestSetColor(t *testing.T) {
	s := &Streams{}
	if err := s.SetColor("always"); err != nil || s.Color != "always" {
		t.Errorf("got %v, colour %q", err, s.Color)
	}
	if err := s.SetColor("yes"); err == nil ||
		err.Error() != `--color is "yes", wanted auto, always or never` {
		t.Errorf("got %v", err)
	}
}

func TestAFileIsNotATerminal(t *testing.T) {
	s := NewStreams(strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{}, nil, time.Now)
	if s.InTerminal() || s.OutTerminal() || s.ErrTerminal() || s.OutStyle().Enabled() {
		t.Error("a buffer counts as a terminal")
	}
	if got := s.OutStyle().Bold("plain").String(); got != "plain" {
		t.Errorf("without colour bold text is %q", got)
	}
}

type hinted struct{ text, hint string }

func (h hinted) Error() string { return h.text }
func (h hinted) Hint() string  { return h.hint }

func TestErrorsAndTheirHints(t *testing.T) {
	typo := hinted{`unknown target "tset"`, `did you mean "test"?`}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"nothing", nil, ""},
		{"plain", errors.New("no such file"), "error: no such file\n"},
		{"hint", typo, "error: unknown target \"tset\"\nhint: did you mean \"test\"?\n"},
		{"wrapped hint", fmt.Errorf("in x: %w", typo),
			"error: in x: unknown target \"tset\"\nhint: did you mean \"test\"?\n"},
		{"joined", errors.Join(errors.New("a"), errors.Join(typo, errors.New("b"))),
			"error: a\nerror: unknown target \"tset\"\nhint: did you mean \"test\"?\nerror: b\n"},
		{"two in one sentence", fmt.Errorf("%w, then %w", errors.New("a"), errors.New("b")),
			"error: a, then b\n"},
		{"several lines", errors.New("a:\r\n\tb\nc\n"), "error: a:\n      b\n  c\n"},
		{"escapes", errors.New("\x1b[2J\u202e\xff"), "error: \\x1b[2J\\u202e\\xff\n"},
	} {
		var out bytes.Buffer
		s, _ := streamsTo(&out, 0, 0, nil)
		s.Error(c.err)
		if diff := cmp.Diff(c.want, out.String()); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// A few long cells leave no narrow last column to all rows of a table that is wider than the terminal.
func TestLongCellsReachIntoTheNextColumn(t *testing.T) {
	rows := [][]string{{"build", "go", "Build what the project makes"}, {"check", "= style + test-unit + test-integration", "Run every check"},
		{"run", strings.Repeat("x", 30)}}
	long := "build  go                                      Build what the project makes\n" +
		"check  = style + test-unit + test-integration  Run every check\nrun    " + strings.Repeat("x", 30) + "\n"
	for width, want := range map[int]string{
		0: long, 75: long, 74: "build  go  Build what the project makes\ncheck  = style + test-unit + test-integration\n" +
			"           Run every check\nrun    " + strings.Repeat("x", 30) + "\n",
	} {
		var out bytes.Buffer
		s, _ := streamsTo(&out, width, 24, nil)
		s.Table(rows, nil)
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("width %d: %s", width, diff)
		}
	}
}

func TestTablesAlign(t *testing.T) {
	rows := [][]string{{"check"}, {"  style", "go, node", "Check the style of everything"},
		{"  complexity", "absent"}, {"  東京", "", "wide\nmore"}}
	for width, want := range map[int]string{
		0: "check\n  style       go, node  Check the style of everything\n  complexity  absent\n  東京                  wide …\n",
		50: "check\n  style       go, node  Check the style of\n                        everything\n  complexity  absent\n" +
			"  東京                  wide …\n",
		40: "check\n  style       go, node\n      Check the style of everything\n  complexity  absent\n" +
			"  東京                  wide …\n",
		16: "check\n  style\n      go, node\n      Check the\n      style of\n      everything\n  complexity\n      absent\n" +
			"  東京\n      wide …\n",
	} {
		var out bytes.Buffer
		s, _ := streamsTo(&out, width, 24, nil)
		s.Table(rows, nil)
		if diff := cmp.Diff(want, out.String()); diff != "" {
			t.Errorf("width %d: %s", width, diff)
		}
	}
	var out bytes.Buffer
	s, _ := streamsTo(&out, 0, 0, nil)
	s.Table(rows, func(row, col int, text string) Text { return Text{fmt.Sprintf("<%d%d%s>", row, col, text)} })
	if want := "<10  style>       <11go, node>  <12Check"; !strings.Contains(out.String(), want) {
		t.Errorf("painted: %s", out.String())
	}
}

func TestElapsed(t *testing.T) {
	for s, want := range map[float64]string{
		-1: "0.0s", 0: "0.0s", 0.04: "0.0s", 1.25: "1.2s", 59.94: "59.9s", 59.96: "1m00s", 61: "1m01s",
		3599.4: "59m59s", 3599.9: "1h00m", 7384: "2h03m",
	} {
		if got := seconds(s); got != want {
			t.Errorf("%v seconds are %q, wanted %q", s, got, want)
		}
	}
}

func FuzzCleanTextCannotMoveTheCursor(f *testing.F) {
	for _, s := range []string{"go:test", "\x1b[2J", "a\r\nb", "\xff\xc3", "\u202e\u0085"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range clean(s) {
			if r < ' ' || unicode.Is(unicode.Bidi_Control, r) { // internal/text tries the rest
				t.Errorf("%q leaves %q in %q", s, r, clean(s))
			}
		}
		if n := cells(truncate(clean(s), 5)); n > 5 {
			t.Errorf("%q is cut to %d columns, wanted 5", s, n)
		}
	})
}

func FuzzOutputLosesNothing(f *testing.F) {
	f.Add("a\nb", "\nc", "d")
	f.Add("\r\n", "\xff", "\n\n")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var o output
		got := ""
		for _, piece := range []string{a, b, c} {
			whole := o.add("stdout", piece)
			if whole != "" && !strings.HasSuffix(whole, "\n") {
				t.Errorf("half a line: %q", whole)
			}
			got += whole
		}
		got += o.flush()
		if want := a + b + c; got != want && got != want+"\n" {
			t.Errorf("got %q, wanted %q", got, want)
		}
	})
}
