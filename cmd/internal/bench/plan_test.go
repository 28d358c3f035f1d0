package main

import "testing"

func TestOrigin(t *testing.T) {
	for said, want := range map[string]string{
		"go  Go module\ndavit: go answered from compiler in 41ms\ndavit: WebAssembly instances: 1\n": "compiler",
		"davit: go answered from interpreter in 1.2s\n":                                              "interpreter",
		"": "unknown",
	} {
		if got := origin([]byte(said)); got != want {
			t.Errorf("%q: got %q, wanted %q", said, got, want)
		}
	}
}
