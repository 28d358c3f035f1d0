package toml

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// FuzzParse checks that no text panics, that an error names a line, and that a parsed document is the same
// after it is written and parsed again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "a = 1", "[a.b]\nc = 'x' # y", "[[a]]\nb = {c.d = [1, 2.5, true]}",
		"a = \"\"\"\\\n x\\u0041\"\"\"", "a = 1979-05-27 07:32:00Z",
		"a.b = 1\n[a]", "a = [[[[", "a = {b={", "\"\" = 0x_", "a = '''\r\n'''''", "a\x00 = 1",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := Parse(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Fatalf("the error names no line: %v", err)
			}
			return
		}
		plain := document(m)
		again, err := Parse(plain)
		if err != nil {
			t.Fatalf("%v\nin what was written: %s", err, plain)
		}
		if got := document(again); got != plain {
			t.Errorf("got %s, wanted %s", got, plain)
		}
	})
}

func document(m map[string]any) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(m)) {
		b.WriteString(quote(key) + " = " + write(m[key]) + "\n")
	}
	return b.String()
}

// write returns a value as TOML on one line. Floats and dates are written as strings, which is enough to
// compare.
func write(v any) string {
	var parts []string
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, quote(key)+" = "+write(v[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		for _, item := range v {
			parts = append(parts, write(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case int64, bool:
		return fmt.Sprint(v)
	}
	return quote(fmt.Sprint(v))
}

func quote(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r < 0x20 || r == 0x7f || r == '"' || r == '\\' {
			b.WriteString(`\u` + fmt.Sprintf("%04x", r))
		} else {
			b.WriteRune(r)
		}
	}
	return `"` + b.String() + `"`
}
