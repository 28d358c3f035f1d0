package app

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/ui"
)

func TestSymptoms(t *testing.T) {
	for text, want := range map[string]string{
		"ok 3 tests": "",
		"dial tcp 127.0.0.1:5432: connect: connection refused":                            "ports 5432",
		"Error: connect ECONNREFUSED 127.0.0.1:6379":                                      "ports 6379",
		`connection to server at "localhost" (::1), port 5432 failed: Connection refused`: "ports 5432",
		"request refused":                             "",
		"make: *** [Makefile:3: test] Error 127":      "programs",
		`"x": executable file not found in $PATH`:     "programs",
		"sh: 1: eslint: not found":                    "programs",
		"ModuleNotFoundError: No module named 'api'":  "programs sources",
		"Error: Cannot find module './generated/api'": "programs sources",
		"main.go:3:8: undefined: pb":                  "sources",
		"pattern dist: no matching files found":       "sources",
	} {
		m := &symptoms{}
		m.hear(func(ui.Event) {})(ui.Event{Type: ui.EventOutput, Text: text})
		var got []string
		if len(m.ports) > 0 {
			got = append(got, "ports "+strings.Join(m.ports, " "))
		}
		if m.programs {
			got = append(got, "programs")
		}
		if m.sources {
			got = append(got, "sources")
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", text, got, want)
		}
	}
}

func TestServiceIn(t *testing.T) {
	const compose = `
services:
  web:
    build: .
    ports: ["8080:80"]
  db:
    image: postgres:17
  cache:
    image: docker.io/valkey/valkey:8
  queue:
    image: own
    ports:
      - "127.0.0.1:15672:5672/tcp"
  short: {image: "mysql:8"}
`
	for port, want := range map[string]string{"5432": "db", "6379": "cache", "5672": "queue", "15672": "queue", "8080": "web",
		"3306": "short", "27017": "", "43": ""} {
		if got := serviceIn(compose, port); got != want {
			t.Errorf("port %s: got %q, want %q", port, got, want)
		}
	}
	for _, text := range []string{"", "services:", "{}", "services: 1"} {
		if got := serviceIn(text, "5432"); got != "" {
			t.Errorf("%q: got %q", text, got)
		}
	}
}
