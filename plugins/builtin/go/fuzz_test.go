package golang

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/sdk/sdktest"
)

// FuzzRead checks that the plugin returns a valid plan or a message for any files.
func FuzzRead(f *testing.F) {
	f.Add("module a\ngo 1.99\nreplace b => ../../b\nrequire b v1\n", "use ./a\ngo 1.20\n", "package main",
		"my module/x")
	f.Add("module a/v2\ntool c/cmd/staticcheck\n", "", "//go:build integration\npackage a_test", ".")
	f.Fuzz(func(t *testing.T, mod, work, source, dir string) {
		if !fs.ValidPath(dir) {
			t.Skip()
		}
		files := fstest.MapFS{"go.work": {Data: []byte(work)}}
		for name, text := range map[string]string{"go.mod": mod, "main.go": source, "cmd/a b/x.go": source,
			"c/x_test.go": source} {
			files[dir+"/"+name] = &fstest.MapFile{Data: []byte(text)}
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		p, err := sdktest.Plan(Read, files, nil)
		if err != nil {
			return
		}
		if err := p.Validate(); err != nil {
			t.Errorf("%v", err)
		}
	})
}
