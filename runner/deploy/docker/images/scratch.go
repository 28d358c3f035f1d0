package images

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// A Scratch is an image with one layer and no file system besides.
type Scratch struct {
	Name    string
	Created time.Time
	Labels  map[string]string
	// Layer is a tar; nil is one with an empty file.
	Layer []byte
}

// A file is a name and a content.
type file struct {
	name    string
	content []byte
}

// Make puts an image into the store.
func (s Store) Make(ctx context.Context, i Scratch) error {
	architecture, err := s.architecture(ctx)
	if err != nil {
		return err
	}
	b, err := i.archive(architecture)
	if err != nil {
		return err
	}
	return s.Load(ctx, bytes.NewReader(b))
}

// archive returns the image as "docker load" takes it.
func (i Scratch) archive(architecture string) ([]byte, error) {
	layer := i.Layer
	if layer == nil {
		layer = tarOf(file{name: "empty"})
	}
	config, err := json.Marshal(map[string]any{
		"architecture": architecture, "os": "linux", "created": i.Created.UTC().Format(time.RFC3339Nano),
		"config": map[string]any{"Labels": i.Labels},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + sum(layer)}},
	})
	if err != nil {
		return nil, err
	}
	manifest, err := json.Marshal([]any{map[string]any{
		"Config": sum(config) + ".json", "RepoTags": []string{i.Name},
		"Layers": []string{sum(layer) + ".tar"},
	}})
	return tarOf(file{sum(config) + ".json", config}, file{sum(layer) + ".tar", layer},
		file{"manifest.json", manifest}), err
}

// tarOf returns a tar of files. It cannot fail: it writes to memory, and knows all sizes.
func tarOf(files ...file) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		w.WriteHeader(&tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.content)),
			Typeflag: tar.TypeReg, Format: tar.FormatUSTAR})
		w.Write(f.content)
	}
	w.Close()
	return b.Bytes()
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}
