package runner_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/secret"
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
		if !secret && !hasForm(text, a+"\n"+b) && printed != text {
			t.Errorf("got %q, wanted %q", printed, text)
		}
	})
}

// hasForm reports whether a text has another form of a line of a secret.
func hasForm(text, lines string) bool {
	for line := range strings.Lines(lines) {
		line = strings.TrimSpace(line)
		forms := slices.Concat(secret.Forms(line), secret.Base64(line))
		if slices.ContainsFunc(forms, func(form string) bool { return strings.Contains(text, form) }) {
			return true
		}
	}
	return false
}

// encodings are forms in which programs print a value.
var encodings = map[string]func(string) string{
	"base64":        func(v string) string { return base64.StdEncoding.EncodeToString([]byte(v)) },
	"base64url":     func(v string) string { return base64.RawURLEncoding.EncodeToString([]byte(v)) },
	"base64 -w 76":  func(v string) string { return broken(base64.StdEncoding.EncodeToString([]byte(v))) },
	"hex":           func(v string) string { return hex.EncodeToString([]byte(v)) },
	"HEX":           func(v string) string { return strings.ToUpper(hex.EncodeToString([]byte(v))) },
	"query":         url.QueryEscape,
	"percent":       func(v string) string { return strings.ReplaceAll(url.QueryEscape(v), "+", "%20") },
	"percent lower": func(v string) string { return strings.ReplaceAll(lowerPercent(v), "+", "%20") },
}

// lowerPercent escapes as addresses do, with digits in lower case.
func lowerPercent(v string) string {
	return regexp.MustCompile("%..").ReplaceAllStringFunc(url.QueryEscape(v), strings.ToLower)
}

// broken breaks a text into lines of 76 characters.
func broken(text string) string {
	return regexp.MustCompile(".{76}").ReplaceAllString(text, "$0\n")
}

// TestMaskedHidesEncodedSecrets encodes values with texts of each length before and behind them, and looks for any
// nine bytes of the value in what is printed.
func TestMaskedHidesEncodedSecrets(t *testing.T) {
	const fill = "qwertzuiopasdfghjklyxcvbnm-QWERTZUIOPASDFGHJKLYXCVBNM_qwertzuiopasdfghjklyxcvbnm"
	tried := 0
	for _, value := range []string{"sekretvalue/abc+123 %&x", "Zw\u00f6lfzeich", "eyJhbGciOi.JIUzI1NiIs.InR5cCI6??>>IkpXVCJ9", "aaaaaaa1"} {
		for name, encode := range encodings {
			for n := 0; n < len(fill); n += 2 {
				for _, behind := range []string{"", "\n", ":x", fill[:n]} {
					tried++
					printed, told := said(map[string][]byte{"id": []byte(value)}, "a ", encode(fill[:n]+value+behind), "\n")
					if shown := encodedPart(name, printed+told, fill[:n], value); shown != "" {
						t.Fatalf("%s of %q: %q shows %q", name, fill[:n]+value+behind, printed, shown)
					}
				}
			}
		}
	}
	t.Logf("%d encoded values tried, %d held", tried, tried)
}

// encodedPart returns a run of fifteen encoded characters of a value that a text has; "" if it has none.
func encodedPart(name, text, before, value string) string {
	text = strings.ReplaceAll(text, "\n", "")
	whole := strings.ReplaceAll(encodings[name](before+value), "\n", "")
	start := len(strings.TrimRight(encodings[name](before), "=\n"))
	start -= strings.Count(encodings[name](before)[:start], "\n")
	for at := start; at+15 <= len(whole); at++ {
		if strings.Contains(text, whole[at:at+15]) {
			return whole[at : at+15]
		}
	}
	return ""
}

// TestMaskedShowsOtherText checks that what is no form of a secret is printed, also what only looks like it.
func TestMaskedShowsOtherText(t *testing.T) {
	values := map[string][]byte{"a": []byte("correct-horse-battery"), "b": []byte("abcd"), "c": []byte("12345678")}
	text := "ok  \texample.com/shop\t0.004s\nY29ycmVj YmF0dGVy 636f7272 MTIzNDU2Nzg= YWJjZA== correct horse\n"
	if printed, _ := said(values, text); printed != text {
		t.Errorf("got %q, wanted %q", printed, text)
	}
}

func BenchmarkMask(b *testing.B) {
	values := map[string][]byte{}
	for i := range 10 {
		values[fmt.Sprint(i)] = fmt.Appendf(nil, "%d-correct-horse/battery+staple %d", i*7919, i)
	}
	m, line := runner.NewMask(values), strings.Repeat("ok  \texample.com/shop/internal/basket\t0.004s coverage\n", 20)
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		m.Text(line)
	}
}

// within is a place in a text of n bytes.
func within(i, n int) int { return int(uint(i) % uint(n+1)) }

// TestMaskedAsksForMasks: the values of add-mask that its output has no more, as the step gives them.
func TestMaskedAsksForMasks(t *testing.T) {
	for text, want := range map[string][]string{
		"::add-mask::s3cret-one\n":                   {"s3cret-one"},
		"a\r\n  ::Add-Mask::x s3cret-one%0Ay\r\nb":   {"x s3cret-one%0Ay"},
		"::add-mask::s3cret-one":                     {"s3cret-one"},
		"::add-mask::other\n":                        nil,
		"say ::add-mask::s3cret-one\n::add-mask::\n": nil,
		"::add-mask s3cret-one\n":                    nil,
	} {
		for size := 1; size <= len(text); size++ {
			var pieces, got []string
			for at := 0; at < len(text); at += size {
				pieces = append(pieces, text[at:min(at+size, len(text))])
			}
			r := runner.Masked(speaker{}, runner.NewMask(map[string][]byte{"a": []byte("s3cret-one")}))
			r.Run(t.Context(), runner.Step{ID: "s", Plan: plan.Step{Op: plan.OpExec, Argv: pieces}}, func(e ui.Event) {
				if e.Type == ui.EventMask {
					got = append(got, e.Secret)
				}
				if text, err := json.Marshal(e); err != nil || strings.Contains(string(text), "s3cret-one") {
					t.Errorf("%s, %v", text, err)
				}
			})
			if !slices.Equal(got, want) {
				t.Errorf("%q in pieces of %d: %q, wanted %q", text, size, got, want)
			}
		}
	}
}
