package cli_test

import (
	"context"
	"crypto/elliptic"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/sigstore/sigstore/pkg/cryptoutils"

	"github.com/davit-dev/davit/cmd/internal/cli"
	"github.com/davit-dev/davit/cmd/internal/pluginreg"
	"github.com/davit-dev/davit/internal/archive"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/moduletest"
	"github.com/davit-dev/davit/internal/registrytest"
	"github.com/davit-dev/davit/runner/registry"
	"github.com/davit-dev/davit/runner/signature"
)

// published returns the published plugins that a script can reach.
func published(r cli.PublishedRequest) cli.PublishedPlugins {
	sources := registry.Sources{Modules: registry.Modules{DockerConfig: os.Getenv("DOCKER_CONFIG"), Mirrors: r.Mirrors},
		Layouts: registry.Layouts{Dir: r.Root}}
	return pluginreg.Published{Registry: sources, Store: r.Store, Offline: r.Offline, Trust: r.Trust,
		Signatures: signature.Keys{Environ: r.Env, Warn: r.Warn}}
}

// TestPublishedPlugins runs the scripts in testdata/published with a registry, whose address is $REGISTRY.
func TestPublishedPlugins(t *testing.T) {
	t.Parallel()
	runPublished(t, "testdata/published", registrytest.Private(t), nil)
}

// TestPublishedPluginsOutliveTheirRegistry runs the scripts in testdata/outlived, one after the other, with a registry
// that stop-registry ends.
func TestPublishedPluginsOutliveTheirRegistry(t *testing.T) {
	t.Parallel()
	at, stop := registrytest.Stoppable(t)
	runPublished(t, "testdata/outlived", at, func(ts *testscript.TestScript, _ bool, _ []string) { ts.Check(stop()) })
}

// TestATeam runs the scripts in testdata/team with a registry that stop-registry ends, and compares them with the page that
// has their commands.
func TestATeam(t *testing.T) {
	t.Parallel()
	checkTyped(t, "../../../docs/conventions.md", "testdata/team/team.txtar")
	at, stop := registrytest.Stoppable(t)
	runPublished(t, "testdata/team", at, func(ts *testscript.TestScript, _ bool, _ []string) { ts.Check(stop()) })
}

// checkTyped checks that a script has each command of a page, whose registry is registry.example.com.
func checkTyped(t *testing.T, page, script string) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	typed, err := os.ReadFile(script)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for line := range strings.Lines(strings.ReplaceAll(string(text), "registry.example.com", "$REGISTRY")) {
		command, is := strings.CutPrefix(line, "$ ")
		if !is {
			continue
		}
		count++
		if command = strings.TrimSpace(command); !strings.Contains(string(typed), "exec "+command) {
			t.Errorf("%s has %q, and %s does not", page, command, script)
		}
	}
	if count == 0 {
		t.Errorf("%s has no command", page)
	}
}

// runPublished runs the scripts in a folder with a registry.
func runPublished(t *testing.T, dir, at string, stop func(*testscript.TestScript, bool, []string)) {
	config := registrytest.Login(t, at, registrytest.Somebody)
	testscript.Run(t, testscript.Params{
		Dir: dir, RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("REGISTRY", at)
			e.Setenv("REPO", repository)
			e.Setenv("DOCKER_CONFIG", config)
			e.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			for _, name := range []string{"HOME", "GOPROXY", "GOCACHE", "GOMODCACHE"} {
				e.Setenv(name, lookup(name))
			}
			return newCache(e)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"git-init": gitInit, "module": writeModule, "archive": writeArchive,
			"push": push(config), "stop-registry": stop, "serve": serve(t), "cosign-key": cosignKey},
	})
}

// writeModule writes a plugin that has the same answer for every project: module OUT.wasm plugin.toml answer.json.
func writeModule(ts *testscript.TestScript, _ bool, args []string) {
	answer := moduletest.Answering(ts.ReadFile(args[2]))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), moduletest.Packed(answer, ts.ReadFile(args[1])), 0o600))
}

// writeArchive writes an archive of files of the current folder: archive OUT FILE...
func writeArchive(ts *testscript.TestScript, _ bool, args []string) {
	files := map[string][]byte{}
	for _, name := range args[1:] {
		files[name] = []byte(ts.ReadFile(name))
	}
	data, err := archive.Pack(files)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o600))
}

// serve starts a server of the web with the files of the current folder, whose address is $WEB, and sets $DIGEST to the
// digest of a file: serve FILE.
func serve(t *testing.T) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		server := httptest.NewServer(http.FileServer(http.Dir(ts.MkAbs("."))))
		t.Cleanup(server.Close)
		ts.Setenv("WEB", server.URL)
		ts.Setenv("DIGEST", blobs.Digest([]byte(ts.ReadFile(args[0]))))
	}
}

// cosignKey writes a pair of keys as cosign generate-key-pair does, NAME.key and NAME.pub: cosign-key NAME PASSWORD.
func cosignKey(ts *testscript.TestScript, _ bool, args []string) {
	private, public, err := cryptoutils.GeneratePEMEncodedECDSAKeyPair(elliptic.P256(), cryptoutils.StaticPasswordFunc([]byte(args[1])))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".key"), private, 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".pub"), public, 0o600))
}

// push pushes any bytes as what teams publish, which davit would look at: push KIND FILE REF.
func push(config string) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		kind, data := blobs.Kind(args[0]), []byte(ts.ReadFile(args[1]))
		_, err := registry.Modules{DockerConfig: config}.Push(context.Background(), kind, args[2], data, nil)
		ts.Check(err)
	}
}
