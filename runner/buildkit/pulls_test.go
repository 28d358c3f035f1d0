package buildkit

import (
	"testing"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"

	"github.com/davit-dev/davit/internal/ui"
)

func TestPullsAreAddedUp(t *testing.T) {
	var p pulls
	image, other := digest.FromString("image"), digest.FromString("other")
	p.addVertex(&client.Vertex{Digest: image, Name: "image golang:1.26"})
	p.addVertex(&client.Vertex{Digest: other, Name: "[go:build] go build"})
	take := func(vertex digest.Digest, id string, done, total int64) (ui.Event, bool) {
		p.reported = p.reported.Add(-time.Hour)
		return p.update([]*client.VertexStatus{{ID: id, Vertex: vertex, Name: "downloading", Current: done,
			Total: total}})
	}
	if _, news := take(other, "x", 1, 2); news {
		t.Error("what no image is was told")
	}
	if _, news := take(image, "a", 0, 0); news {
		t.Error("a layer of no size was told")
	}
	if e, news := take(image, "a", 1, 10); !news || e.Text != "pulling golang:1.26" || e.Done != 0 ||
		e.Total != 0 {
		t.Errorf("first: got %+v, %v", e, news)
	}
	take(image, "b", 5, 20)
	if e, _ := take(image, "a", 10, 10); e.Done != 15 || e.Total != 30 {
		t.Errorf("got %+v", e)
	}
}
