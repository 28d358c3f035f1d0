package node

import (
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/sdk"
)

func TestRoleOf(t *testing.T) {
	for dir, want := range map[string]role{
		"client": part, "apps/web/client": part, "docs": support, "e2e": support, "tests/e2e": support, "test": support,
		"examples/basic": example, "playground": example, "docs/examples/a": example,
		"test/fixtures/a": fixture, "test/app": fixture, "packages/create/template-react": fixture,
		"cli/Templates/new": fixture, "src/__fixtures__/a": fixture, "examples/templates/a": fixture,
	} {
		if got := roleOf(dir); got != want {
			t.Errorf("%s has role %d, wanted %d", dir, got, want)
		}
	}
}

func TestFoldersThatGitDoesNotTrack(t *testing.T) {
	p := &sdk.Project{FS: fstest.MapFS{
		".gitignore":     {Data: []byte("# comment\n/out\ntmp/\na/*/gen\n*.app\n!kept.app\n")},
		"sub/.gitignore": {Data: []byte("own\n!tmp\n")},
		".gitmodules":    {Data: []byte("[submodule \"lib\"]\n\tpath = third/lib\n\turl = x\n")},
	}}
	for dir, want := range map[string]bool{
		"client": false, "out": true, "out/deep": true, "x/out": false, "x/tmp/y": true, "a/b/gen": true, "a/gen": false,
		"my.app": true, "kept.app": false, "sub/own": true, "own": false, "sub/tmp": false, "third/lib": true,
		"third/lib/deep": true, "third": false,
	} {
		if got := foreignFolder(p, dir); got != want {
			t.Errorf("%s: %t", dir, got)
		}
	}
}

func TestLocate(t *testing.T) {
	for script, want := range map[string][]delegate{
		"cd client && npm run build":                             {{"client", "build"}},
		"cd a/b && yarn test && cd .. && npm test":               {{"a/b", "test"}, {"a", "test"}},
		"(cd client && npm test) && npm test":                    {{"client", "test"}},
		"npm --prefix client run build":                          {{"client", "build"}},
		"npm run build --prefix=./client":                        {{"client", "build"}},
		"pnpm -C web build && yarn --cwd api test":               {{"web", "build"}, {"api", "test"}},
		`concurrently "npm run server" "cd client && npm start"`: {{"client", "start"}},
		"cd ../other && npm test":                                nil,
		"cd client && npm install":                               nil,
		"npm run build && npm test":                              nil,
	} {
		m := &manifest{Scripts: map[string]string{"x": script}}
		got := m.script("x").delegates
		if len(got) != len(want) {
			t.Errorf("%s: got %v, wanted %v", script, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: got %v, wanted %v", script, got, want)
			}
		}
	}
}
