package project

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var zeros = "sha256:" + strings.Repeat("0", 64)

func TestLockIsWrittenAsItIsRead(t *testing.T) {
	l := &Lock{Version: 1, Images: map[string]string{"redis:7": zeros, "golang:1.26": zeros,
		`odd"\name`: zeros}}
	text := string(l.Format())
	if strings.Index(text, "golang") > strings.Index(text, "redis") {
		t.Errorf("not in order:\n%s", text)
	}
	got, err := ParseLock([]byte(text))
	if err != nil || !maps.Equal(got.Images, l.Images) {
		t.Errorf("got %+v, %v", got, err)
	}
	if empty, err := ParseLock((&Lock{Version: 1}).Format()); err != nil || len(empty.Images) > 0 {
		t.Errorf("got %+v, %v", empty, err)
	}
	if open := l.Unpinned([]string{"redis:7", "node:20", "busybox", "a@" + zeros,
		"busybox"}); !slices.Equal(open, []string{"busybox", "node:20"}) {
		t.Errorf("open are %q", open)
	}
}

func TestParseLockRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "project.lock: version is 0",
		"version = 2":             "project.lock:1:1: version is 2, and this davit knows 1",
		"version = 1\nimage = {}": `project.lock:2:1: unknown key "image"`,
		"version = 1\n[images]\n\"a:1\" = \"sha256:00\"": `project.lock:3:2: "a:1" is pinned to "sha256:00", which is not a digest`,
		"version = 1\n[images]\n\"a@b\" = \"" + zeros +
			"\"": `project.lock:3:2: "a@b" is not the name of an image`,
		"version = 1\n[images]\n\"a:1\" = 3":                     `project.lock:3:`,
		"version = 1\n[images]\n<<<<<<< HEAD\n\"a:1\" = \"b\"\n": `project.lock:3:1:`,
	} {
		_, err := ParseLock([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// A lock that was parsed and formatted can be parsed again.
func FuzzLock(f *testing.F) {
	f.Add("golang:1.26")
	f.Add("odd\"\\\n\x7f")
	f.Fuzz(func(t *testing.T, ref string) {
		if !utf8.ValidString(ref) || strings.Contains(ref, "@") || strings.TrimSpace(ref) == "" {
			t.Skip("no reference")
		}
		l := &Lock{Version: 1, Images: map[string]string{ref: zeros}}
		got, err := ParseLock(l.Format())
		if err != nil || got.Images[ref] != zeros {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}
