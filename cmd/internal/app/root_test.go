package app

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestTheRootIsFoundThroughLinks(t *testing.T) {
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(top, filepath.FromSlash(name)) }
	for _, dir := range []string{"project/sub/deep", "repo/.git", "repo/sub", "project/vendor", "plain/sub",
		"empty"} {
		if err := os.MkdirAll(in(dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(in("project/project.toml"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{
		"deep": "project/sub/deep", "whole": "project", "repo/other": "project/sub",
		"project/vendor/repo": "repo/sub", "project/vendor/plain": "plain/sub", "empty/link": "plain",
	} {
		if err := os.Symlink(in(to), in(link)); err != nil {
			if runtime.GOOS == "windows" {
				t.Skip(err)
			}
			t.Fatal(err)
		}
	}
	for from, want := range map[string]string{
		"project/sub/deep":     "project project.toml",
		"deep":                 "project project.toml", // nothing above the link
		"whole/sub":            "project project.toml", // one project has one path
		"repo/other":           "project project.toml", // another project above the link
		"project/vendor/repo":  "repo .git",            // the project above the link is not the nearest one
		"project/vendor/plain": "project project.toml", // a project above the link alone
		"empty/link":           "plain ",
		"none/there":           "none/there ",
	} {
		got := FindRoot(in(from))
		name := strings.TrimPrefix(filepath.ToSlash(strings.TrimPrefix(got.Dir, top)), "/") + " " + got.Marker
		if name != want {
			t.Errorf("%s: got %q, wanted %q", from, name, want)
		}
	}
}
