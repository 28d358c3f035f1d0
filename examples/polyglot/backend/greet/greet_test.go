package greet

import "testing"

func TestGreeting(t *testing.T) {
	for name, want := range map[string]string{"": "Hello, World!", "Ada": "Hello, Ada!"} {
		if got := Greeting(name); got != want {
			t.Errorf("Greeting(%q) = %q, wanted %q", name, got, want)
		}
	}
}
