package text

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestJSONEscapes(t *testing.T) {
	tried := 0
	for _, s := range append(attacks, "plain", "Tür 東京", "###[x", `\##[`) {
		tried++
		checkJSON(t, s)
	}
	t.Logf("%d texts tried, %d held", tried, tried)
}

func FuzzJSON(f *testing.F) {
	for _, s := range attacks {
		f.Add(s)
	}
	f.Fuzz(checkJSON)
}

// checkJSON checks that a document has nothing that is refused, and means the same.
func checkJSON(t *testing.T, s string) {
	t.Helper()
	var doc bytes.Buffer
	e := json.NewEncoder(JSONWriter{&doc})
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(map[string]string{s: s}); err != nil {
		t.Fatal(err)
	}
	for _, r := range strings.NewReplacer("\n", "", "\ufffd", "").Replace(doc.String()) {
		if Refused(r) {
			t.Errorf("%q leaves %q in %q", s, r, doc.String())
		}
	}
	var got map[string]string
	if err := json.Unmarshal(doc.Bytes(), &got); err != nil || utf8.ValidString(s) && got[s] != s {
		t.Errorf("%q is read as %q: %v", s, got, err)
	}
	if strings.Contains(doc.String(), "##[") || strings.Contains(doc.String(), "##vso[") {
		t.Errorf("%q leaves a command in %q", s, doc.String())
	}
}
