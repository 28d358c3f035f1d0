package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/opencontainers/go-digest"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content/oci"

	"github.com/davit-dev/davit/internal/registrytest"
)

// layout writes an OCI layout with an image of some layers, and returns its folder and its digest.
func layout(t *testing.T, sizes ...int) (dir, root string) {
	t.Helper()
	dir = t.TempDir()
	store, err := oci.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	var layers []ocispecs.Descriptor
	for i, size := range sizes {
		data := make([]byte, size)
		r := rand.New(rand.NewPCG(uint64(i), uint64(size)))
		for j := range data {
			data[j] = byte(r.Uint32())
		}
		d, err := oras.PushBytes(t.Context(), store, ocispecs.MediaTypeImageLayer, data)
		if err != nil {
			t.Fatal(err)
		}
		layers = append(layers, d)
	}
	d, err := oras.PackManifest(t.Context(), store, oras.PackManifestVersion1_1, "application/x-test",
		oras.PackManifestOptions{
			Layers:              layers,
			ManifestAnnotations: map[string]string{ocispecs.AnnotationCreated: "2024-02-29T12:00:00Z"},
		})
	if err == nil {
		err = store.Tag(t.Context(), d, "a")
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir, d.Digest.String()
}

// lines records the progress of a push.
type lines struct {
	mu  sync.Mutex
	all []string
}

func (l *lines) say(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, line)
}

func (l *lines) text() string { return strings.Join(l.all, "\n") }

// get requests a manifest from a registry, and returns its digest and the status code.
func get(t *testing.T, registry, repository, reference string) (string, int) {
	t.Helper()
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		fmt.Sprintf("http://%s/v2/%s/manifests/%s", registry, repository, reference), nil)
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("Accept", ocispecs.MediaTypeImageManifest)
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return digest.FromBytes(data).String(), answer.StatusCode
}

func TestPush(t *testing.T) {
	at := registrytest.Start(t, nil)
	dir, root := layout(t, 10, 3<<20)
	p := Push{Layout: dir, Digest: root, Repository: at + "/team/shop",
		Tags: []string{"1.2.3", "0123456789ab"}, DockerConfig: t.TempDir()}
	for range 2 {
		var said lines
		p.Say = said.say
		if err := p.Do(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, reference := range append(p.Tags, root) {
			if got, status := get(t, at, "team/shop", reference); got != root || status != http.StatusOK {
				t.Errorf("%s: got %s, %d", reference, got, status)
			}
		}
		if n := strings.Count(said.text(), "tagged "); n != 2 {
			t.Errorf("it said\n%s", said.text())
		}
	}
}

// flaky forwards connections to a registry, and cuts the first ones after a number of bytes.
func flaky(t *testing.T, to string, after int64, times int32) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var cut atomic.Int32
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer in.Close()
				out, err := net.Dial("tcp", to)
				if err != nil {
					return
				}
				defer out.Close()
				go func() { _, _ = io.Copy(in, out); in.Close() }()
				if n, _ := io.CopyN(out, in, after); n == after && cut.Add(1) <= times {
					return
				}
				_, _ = io.Copy(out, in)
			}()
		}
	}()
	return l.Addr().String()
}

func TestPushAfterABrokenConnection(t *testing.T) {
	at := registrytest.Start(t, nil)
	dir, root := layout(t, 2<<20, 2<<20+1, 2<<20+2)
	var said lines
	p := Push{
		Layout: dir, Digest: root, Repository: flaky(t, at, 1<<20, 3) + "/shop", Tags: []string{"a"},
		DockerConfig: t.TempDir(), Say: said.say,
	}
	if err := p.Do(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, said.text())
	}
	if !strings.Contains(said.text(), "trying again") {
		t.Errorf("nothing broke:\n%s", said.text())
	}
	if got, _ := get(t, at, "shop", "a"); got != root {
		t.Errorf("got %s", got)
	}
}

func TestPushGivesUp(t *testing.T) {
	at := registrytest.Start(t, nil)
	dir, root := layout(t, 2<<20)
	var said lines
	err := Push{Layout: dir, Digest: root, Repository: flaky(t, at, 1<<20, 1000) + "/shop",
		DockerConfig: t.TempDir(), Say: said.say}.Do(t.Context())
	if err == nil || !strings.Contains(err.Error(), `did not accept "shop": `) ||
		strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v", err)
	}
	if n := strings.Count(said.text(), "trying again"); n != maxTries-1 {
		t.Errorf("tried again %d times", n)
	}
}

func TestPushWithCredentials(t *testing.T) {
	at := registrytest.Private(t)
	dir, root := layout(t, 10)
	p := Push{Layout: dir, Digest: root, Repository: at + "/shop", Tags: []string{"a"}, Say: func(string) {}}
	for name, auth := range map[string]string{"none": "", "wrong": "somebody:guess"} {
		p.DockerConfig = registrytest.Login(t, at, auth)
		err := p.Do(t.Context())
		var refused *Error
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), "it requires other credentials") ||
			refused.Hint() != "docker login "+at {
			t.Errorf("%s: got %v", name, err)
		}
	}
	p.DockerConfig = registrytest.Login(t, at, registrytest.Somebody)
	if err := p.Do(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestPushToAnUnreachableRegistry(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	l.Close()
	dir, root := layout(t, 10)
	begun := time.Now()
	err = Push{Layout: dir, Digest: root, Repository: at + "/shop", DockerConfig: t.TempDir(),
		Say: func(string) {}}.Do(t.Context())
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("registry %q did not accept", at)) ||
		time.Since(begun) > time.Second {
		t.Errorf("got %v after %v", err, time.Since(begun))
	}
}

func TestPushIsInterrupted(t *testing.T) {
	at := registrytest.Start(t, nil)
	dir, root := layout(t, 2<<20)
	ctx, cancel := context.WithCancel(t.Context())
	say := func(string) { cancel() }
	err := Push{Layout: dir, Digest: root, Repository: flaky(t, at, 1<<20, 1000) + "/shop",
		DockerConfig: t.TempDir(), Say: say}.Do(ctx)
	if err == nil || ctx.Err() == nil {
		t.Errorf("got %v", err)
	}
}
