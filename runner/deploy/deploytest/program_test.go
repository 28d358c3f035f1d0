package deploytest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// folder is files in memory.
type folder map[string]string

func (f folder) read(path string) (string, bool) {
	text, has := f[path]
	return text, has
}
func (f folder) write(path, text string) bool {
	f[path] = text
	return true
}
func (f folder) remove(path string) { delete(f, path) }

func TestRun(t *testing.T) {
	for script, want := range map[string]string{
		"true":                         "exit 0",
		"false":                        "exit 1",
		"sleep 1000":                   "runs",
		"sleep 1; exit 3":              "exit 3",
		"sleep infinity":               "runs",
		"echo a b; exec sleep 1000":    "a b, runs",
		"false && echo never; echo so": "so, exit 0",
		"echo x > /x; cat /x":          "x, exit 0, /x",
		"touch /a /b; rm /a":           "exit 0, /b",
		"test -e /old && echo there":   "there, exit 0",
		"test ! -e /old":               "exit 1",
		"cat /nothing":                 "cat: /nothing: no such file, exit 1",
		"httpd -f":                     "runs",
		"":                             "exit 0",
	} {
		f := folder{"/old": ""}
		o := run([]string{"sh", "-c", script}, f)
		words := slices.Clone(o.lines)
		if o.runs {
			words = append(words, "runs")
		} else {
			words = append(words, fmt.Sprint("exit ", o.exit))
		}
		delete(f, "/old")
		words = append(words, slices.Sorted(maps.Keys(f))...)
		if got := strings.Join(words, ", "); got != want {
			t.Errorf("%s: got %q, wanted %q", script, got, want)
		}
	}
	if o := run(nil, folder{}); !o.runs {
		t.Error("a container without a command ends")
	}
}
