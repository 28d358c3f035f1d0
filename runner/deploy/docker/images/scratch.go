package images

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/moby/moby/client"
)

// Scratch is an image without a file system but for one file in one layer.
type Scratch struct {
	Name    string
	Created time.Time
	Labels  map[string]string
	File    File
}

// File is one with its content.
type File struct {
	Name    string
	Content []byte
}

// Make puts an image into the store.
func (s Store) Make(ctx context.Context, i Scratch) error {
	version, err := s.Engine.ServerVersion(ctx, client.ServerVersionOptions{})
	if err != nil {
		return err
	}
	b, err := i.archive(version.Arch)
	if err != nil {
		return err
	}
	return s.load(ctx, bytes.NewReader(b))
}

// archive is the image as "docker load" takes it.
func (i Scratch) archive(architecture string) ([]byte, error) {
	layer := tarOf(i.File)
	config, err := json.Marshal(map[string]any{
		"architecture": architecture, "os": "linux", "created": i.Created.UTC().Format(time.RFC3339Nano),
		"config": map[string]any{"Labels": i.Labels},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + sum(layer)}},
	})
	if err != nil {
		return nil, err
	}
	manifest, err := json.Marshal([]any{map[string]any{
		"Config": sum(config) + ".json", "RepoTags": []string{i.Name}, "Layers": []string{sum(layer) + ".tar"},
	}})
	return tarOf(File{sum(config) + ".json", config}, File{sum(layer) + ".tar", layer}, File{"manifest.json", manifest}), err
}

// tarOf cannot fail: it writes to memory, what it was given the size of.
func tarOf(files ...File) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		w.WriteHeader(&tar.Header{Name: f.Name, Mode: 0o644, Size: int64(len(f.Content)), Typeflag: tar.TypeReg, Format: tar.FormatUSTAR})
		w.Write(f.Content)
	}
	w.Close()
	return b.Bytes()
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}
