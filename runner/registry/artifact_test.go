package registry

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/davit-dev/davit/internal/blobs"
)

// module is a reference in the repository of a test server.
func module(server *httptest.Server) string {
	return strings.TrimPrefix(server.URL, "http://") + "/team/acme:1"
}

// manifestOf is the manifest of one module that has a size.
func manifestOf(kind string, size int64) string {
	d := digest.FromString("x")
	return fmt.Sprintf(`{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",`+
		`"config":{"mediaType":%q,"digest":%q,"size":2},"layers":[{"mediaType":%q,"digest":%q,"size":%d}]}`,
		MediaTypeWasmConfig, d, kind, d, size)
}

// serving answers each request for a manifest with a text.
func serving(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
		w.Header().Set("Docker-Content-Digest", digest.FromString(text).String())
		fmt.Fprint(w, text)
	}
}

// endless writes until the client has gone.
func endless(w http.ResponseWriter) {
	for _, err := w.Write(make([]byte, 1<<16)); err == nil; _, err = w.Write(make([]byte, 1<<16)) {
	}
}

// TestARegistryThatMisbehavesIsRefused asks registries that hang, redirect or serve what is no plugin: each is refused in
// one sentence.
func TestARegistryThatMisbehavesIsRefused(t *testing.T) {
	ended := make(chan struct{})
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"hangs": {func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-r.Context().Done():
			case <-ended:
			}
		}, "it did not answer within 300ms"},
		"redirects without end": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
			"it redirects without end"},
		"redirects elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://registry.example.com"+r.URL.Path, http.StatusFound)
		}, "it redirects to http://registry.example.com, and only a registry on this machine is spoken to in plain HTTP"},
		"a manifest without end": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/vnd.oci.image.manifest.v1+json")
			w.Header().Set("Docker-Content-Digest", digest.FromString("x").String())
			if r.Method == http.MethodHead {
				w.Header().Set("Content-Length", "500")
				return
			}
			endless(w)
		}, "it served more than it announced"},
		"ten gigabytes": {serving(manifestOf(MediaTypeWasm, 10<<30)), "it has 10240.0 MiB, and may have 64.0 MiB"},
		"an image":      {serving(manifestOf("application/vnd.oci.image.layer.v1.tar", 1)), "it is no plugin"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			t.Cleanup(server.Close)
			_, err := Modules{DockerConfig: t.TempDir(), Timeout: 300 * time.Millisecond}.Find(t.Context(), blobs.Plugin, module(server))
			if err == nil || !strings.HasSuffix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, wanted %q", err, c.want)
			}
		})
	}
	close(ended)
}

// TestAModuleThatDoesNotEndIsRefused downloads a module of which more comes than was said, and one whose rest does not come.
func TestAModuleThatDoesNotEndIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		said string
		rest func(http.ResponseWriter, *http.Request)
		want string
	}{
		"more": {"6", func(w http.ResponseWriter, _ *http.Request) { endless(w) }, "it served more than it announced"},
		"the rest hangs": {"12", func(w http.ResponseWriter, r *http.Request) {
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, "it did not answer within 300ms"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodHead {
					w.Header().Set("Content-Length", c.said)
					return
				}
				fmt.Fprint(w, "module")
				c.rest(w, r)
			}))
			defer server.Close()
			_, err := Modules{DockerConfig: t.TempDir(), Timeout: 300 * time.Millisecond}.Pull(t.Context(), module(server),
				digest.FromString("module").String())
			if err == nil || !strings.HasSuffix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, wanted %q", err, c.want)
			}
		})
	}
}

// TestAModuleWithOtherBytesIsRefused downloads a module that is what its digest says, one that is not, and a longer one.
func TestAModuleWithOtherBytesIsRefused(t *testing.T) {
	wanted := digest.FromString("module")
	for name, c := range map[string]struct{ body, refused string }{
		"right": {"module", "<nil>"}, "flipped": {"modulf", "it served something else than what has that digest"},
		"longer": {"module" + strings.Repeat("!", 1<<20), "mismatch Content-Length"},
	} {
		body := c.body
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "6")
			if name == "longer" && r.Method == http.MethodGet {
				w.Header().Set("Content-Length", fmt.Sprint(len(body)))
			}
			if r.Method == http.MethodGet {
				fmt.Fprint(w, body)
			}
		}))
		data, err := Modules{DockerConfig: t.TempDir(), Timeout: 5 * time.Second}.Pull(t.Context(), module(server), wanted.String())
		server.Close()
		if !strings.HasSuffix(fmt.Sprint(err), c.refused) {
			t.Errorf("%s: got %q (%v)", name, data, err)
		}
	}
}

// TestAServerOfTheWebThatMisbehavesIsRefused asks servers for a module at an address.
func TestAServerOfTheWebThatMisbehavesIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"hangs":                 {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "it did not answer within 2s"},
		"redirects without end": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, "it redirects without end"},
		"redirects to plain HTTP": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://example.com/acme.wasm", http.StatusFound)
		}, "only a registry on this machine is spoken to in plain HTTP"},
		"serves without end": {func(w http.ResponseWriter, _ *http.Request) { endless(w) }, "it serves more than 64.0 MiB"},
		"refuses":            {http.NotFound, "404 Not Found"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			defer server.Close()
			ref := server.URL + "/acme.wasm@" + digest.FromString("x").String()
			_, err := Sources{Addresses: Addresses{Timeout: 2 * time.Second}}.Pull(t.Context(), ref, "")
			if err == nil || !strings.HasSuffix(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got %v, wanted %q", err, c.want)
			}
		})
	}
}

// TestARegistryThatDoesNotListIsRefused searches in registries that list nothing, or not to this user.
func TestARegistryThatDoesNotListIsRefused(t *testing.T) {
	for _, status := range []int{http.StatusNotFound, http.StatusForbidden, http.StatusMethodNotAllowed} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		namespace := strings.TrimPrefix(server.URL, "http://") + "/team"
		_, err := Sources{Modules: Modules{DockerConfig: t.TempDir()}}.Search(t.Context(), namespace)
		server.Close()
		if want := fmt.Sprintf("the registry does not list what is in %q", namespace); err == nil || err.Error() != want {
			t.Errorf("%d: got %v, wanted %s", status, err, want)
		}
	}
}
