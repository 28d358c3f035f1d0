package compose

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"time"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/release"
	"github.com/davit-dev/davit/runner/compose/label"
)

// recordFile is the one file in the one layer of a release.
const recordFile = "release.json"

// archive is a release as an image without a file system, as "docker load" takes it.
func archive(r release.Release, tag, architecture string, now time.Time) ([]byte, error) {
	record, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return scratch(tag, architecture, now, labels(r, now), file{recordFile, record})
}

// blank is an image with nothing in it.
func blank(tag, architecture string) ([]byte, error) {
	return scratch(tag, architecture, time.Unix(0, 0), nil, file{"empty", nil})
}

// scratch is an image of one layer with one file.
func scratch(tag, architecture string, created time.Time, labels map[string]string, f file) ([]byte, error) {
	layer := tarOf(f)
	config, err := json.Marshal(map[string]any{
		"architecture": architecture, "os": "linux", "created": created.UTC().Format(time.RFC3339Nano),
		"config": map[string]any{"Labels": labels},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + sum(layer)}},
	})
	if err != nil {
		return nil, err
	}
	manifest, err := json.Marshal([]any{map[string]any{
		"Config": sum(config) + ".json", "RepoTags": []string{tag}, "Layers": []string{sum(layer) + ".tar"},
	}})
	return tarOf(file{sum(config) + ".json", config}, file{sum(layer) + ".tar", layer}, file{"manifest.json", manifest}), err
}

func labels(r release.Release, now time.Time) map[string]string {
	return map[string]string{
		label.Project: r.Project, label.Environment: r.Environment, label.Release: label.Number(r.Number), label.Result: r.Result,
		label.Recorded: fmt.Sprintf("%020d", now.UnixNano()),
	}
}

type file struct {
	name    string
	content []byte
}

// tarOf cannot fail: it writes to memory, what it was given the size of.
func tarOf(files ...file) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range files {
		w.WriteHeader(&tar.Header{Name: f.name, Mode: 0o644, Size: int64(len(f.content)), Typeflag: tar.TypeReg, Format: tar.FormatUSTAR})
		w.Write(f.content)
	}
	w.Close()
	return b.Bytes()
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// load puts an archive into the store of an engine.
func load(ctx context.Context, c client.APIClient, archive io.Reader) error {
	answer, err := c.ImageLoad(ctx, archive, client.ImageLoadWithQuiet(true))
	if err != nil {
		return err
	}
	defer answer.Close()
	return said(answer)
}

// said reads what an engine says: it tells of an error after it has said that all is well.
func said(answer io.Reader) error {
	for d := json.NewDecoder(answer); ; {
		var line struct{ Error string }
		switch err := d.Decode(&line); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case line.Error != "":
			return errors.New(line.Error)
		}
	}
}

// unarchive is the release in an image.
func unarchive(ctx context.Context, c client.APIClient, image string) (r release.Release, err error) {
	saved, err := c.ImageSave(ctx, []string{image})
	if err != nil {
		return r, err
	}
	defer saved.Close()
	record, err := find(saved)
	if err != nil {
		return r, fmt.Errorf("image %q has no release: %w", image, err)
	}
	return r, json.Unmarshal(record, &r)
}

// find looks for the record in the layers of an archive. Engines name layers in two ways, and none of the other files is a tar.
func find(archive io.Reader) ([]byte, error) {
	for t := tar.NewReader(archive); ; {
		if _, err := t.Next(); err != nil {
			return nil, err
		}
		if record, err := inLayer(t); err == nil {
			return record, nil
		}
	}
}

// inLayer is the record in a layer, which begins with it.
func inLayer(layer io.Reader) ([]byte, error) {
	t := tar.NewReader(layer)
	h, err := t.Next()
	if err == nil && path.Clean(h.Name) != recordFile {
		err = errors.New("it begins with " + h.Name)
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(t)
}
