package runner_test

import (
	"context"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// speaker is a Runner whose steps print their arguments, each as a piece of its own, and give their reason
// with the first.
type speaker struct{ runner.Runner }

func (speaker) Run(_ context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	emit(ui.Event{Type: ui.EventStep, Status: ui.StatusRunning, Command: strings.Join(s.Plan.Argv, "")})
	for _, text := range s.Plan.Argv {
		emit(ui.Event{Type: ui.EventOutput, Stream: "stdout", Text: text})
	}
	return runner.Result{Status: ui.StatusFailed, Reason: strings.Join(s.Plan.Argv, ""),
		Hint: strings.Join(s.Plan.Argv, "")}
}

// said is what a step prints through a mask, and all else that is told of it.
func said(values map[string][]byte, pieces ...string) (printed, told string) {
	r := runner.Masked(speaker{}, runner.NewMask(values))
	result := r.Run(context.Background(), runner.Step{ID: "s",
		Plan: plan.Step{Op: plan.OpExec, Argv: pieces}}, func(e ui.Event) {
		if e.Type == ui.EventOutput {
			printed += e.Text
		} else {
			told += e.Command + "\n"
		}
	})
	return printed, told + result.Reason + "\n" + result.Hint
}

func TestMaskedHidesSecrets(t *testing.T) {
	for name, c := range map[string]struct {
		secret string
		pieces []string
		want   string
	}{
		"whole":            {"s3cret", []string{"token=s3cret\n"}, "token=***\n"},
		"in pieces":        {"s3cret", []string{"a s3", "cr", "et b"}, "a *** b"},
		"only begun":       {"s3cret", []string{"a s3cre", "am b"}, "a s3cream b"},
		"begun at the end": {"s3cret", []string{"a s3cre"}, "a s3cre"},
		"begun twice":      {"aab1", []string{"aa", "ab1"}, "a***"},
		"twice":            {"s3cret", []string{"s3crets3cret-s3cret"}, "***-***"},
		"overlapping":      {"abab", []string{"xaba", "bab-"}, "x***-"},
		"a line of several": {"first\r\nsecond\n", []string{"it is second, not first"},
			"it is ***, not ***"},
		"a line that is short":   {"one\nlonger", []string{"one longer"}, "one ***"},
		"no secret":              {"", []string{"a", "b"}, "ab"},
		"bytes that are no text": {"\xff\xfe\xfd\xfc", []string{"a\xff\xfe", "\xfd\xfcb"}, "a***b"},
	} {
		t.Run(name, func(t *testing.T) {
			printed, told := said(map[string][]byte{"id": []byte(c.secret)}, c.pieces...)
			if printed != c.want {
				t.Errorf("got %q, wanted %q", printed, c.want)
			}
			if want := strings.Repeat(c.want+"\n", 3); told+"\n" != want {
				t.Errorf("told %q, wanted %q", told, want)
			}
		})
	}
}

// However a text is cut into pieces, no secret is in what comes out, and what is no secret all comes out.
func FuzzMasked(f *testing.F) {
	f.Add("s3cret", "cretins", "a s3cretins3cret b", 5, 9)
	f.Add("aaaa", "aab1", "aaaaaab1aaaaa", 2, 6)
	f.Add("first\nsecond", "x", "second first", 3, 4)
	f.Fuzz(func(t *testing.T, a, b, text string, i, j int) {
		if strings.Contains(a+b, "*") {
			t.Skip("it may stand in what takes its place")
		}
		values := map[string][]byte{"a": []byte(a), "b": []byte(b)}
		i, j = within(i, len(text)), within(j, len(text))
		pieces := []string{text[:min(i, j)], text[min(i, j):max(i, j)], text[max(i, j):]}
		printed, _ := said(values, pieces...)
		if whole := runner.NewMask(values).Text(text); printed != whole {
			t.Errorf("in pieces %q, whole %q", printed, whole)
		}
		secret := false
		for _, line := range strings.FieldsFunc(a+"\n"+b, func(r rune) bool { return r == '\n' }) {
			if line = strings.TrimSpace(line); len(line) >= 4 && strings.Contains(text, line) {
				secret = true
				if strings.Contains(printed, line) {
					t.Errorf("%q is in %q", line, printed)
				}
			}
		}
		if !secret && printed != text {
			t.Errorf("got %q, wanted %q", printed, text)
		}
	})
}

// within is a place in a text of n bytes.
func within(i, n int) int { return int(uint(i) % uint(n+1)) }
