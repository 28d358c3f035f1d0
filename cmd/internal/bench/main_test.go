package main

import (
	"io"
	"strings"
	"testing"
)

func TestFlagsAreRefusedEarly(t *testing.T) {
	for args, want := range map[string]string{
		"":             "",
		"-n 1":         "",
		"-only ^idle$": "",
		"-n 0":         "wanted 1 or more",
		"-only cache":  "matches none of version, idle",
		"-only (":      "missing closing )",
		"-x":           "not defined",
	} {
		_, err := parse(strings.Fields(args), io.Discard)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, wanted %q", args, err, want)
		}
	}
}
