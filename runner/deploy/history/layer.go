package history

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"path"
)

// recordFile is the one file in the one layer of a record that is kept as an image.
const recordFile = "release.json"

// Layer returns the layer of an image that keeps a document: a tar with the text as its one file.
func Layer(text []byte) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	// it writes to memory what it was given the size of, and cannot fail
	_ = w.WriteHeader(&tar.Header{Name: recordFile, Mode: 0o644, Size: int64(len(text)),
		Typeflag: tar.TypeReg, Format: tar.FormatUSTAR})
	_, _ = w.Write(text)
	_ = w.Close()
	return b.Bytes()
}

// Text returns the document in a layer.
func Text(layer []byte) ([]byte, error) { return ReadText(bytes.NewReader(layer)) }

// ReadText is Text for a layer that is read as a stream.
func ReadText(layer io.Reader) ([]byte, error) {
	t := tar.NewReader(layer)
	h, err := t.Next()
	if err == nil && path.Clean(h.Name) != recordFile {
		err = fmt.Errorf("it begins with %q", h.Name)
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(t)
}
