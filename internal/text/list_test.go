package text

import "testing"

func TestWordsOfASentence(t *testing.T) {
	for and, words := range map[string][]string{"": nil, "a": {"a"}, "a and b": {"a", "b"}, "a, b and c": {"a", "b", "c"}} {
		if got := And(words); got != and {
			t.Errorf("%q: %q", words, got)
		}
	}
	if got := Or([]string{"a", "b", "c"}); got != "a, b or c" {
		t.Errorf("%q", got)
	}
}
