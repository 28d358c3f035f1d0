package packagetest

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"time"
)

// made is the time of all files, so that the bytes of a package depend on its contents only.
var made = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// zipOf returns a zip archive of files, each with a prefix to its path.
func zipOf(prefix string, files map[string]string) string {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		h := &zip.FileHeader{Name: prefix + name, Method: zip.Deflate, Modified: made}
		h.SetMode(0o644)
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte(files[name]))
		}
		check(err)
	}
	check(z.Close())
	return out.String()
}

// tgzOf returns a compressed tar archive of files, each with a prefix to its path.
func tgzOf(prefix string, files map[string]string) string {
	var out bytes.Buffer
	g := gzip.NewWriter(&out)
	w := tar.NewWriter(g)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		check(w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: prefix + name, Mode: 0o755, ModTime: made,
			Size: int64(len(files[name]))}))
		_, err := w.Write([]byte(files[name]))
		check(err)
	}
	check(w.Close())
	check(g.Close())
	return out.String()
}

// check panics on an error that writing to memory cannot have.
func check(err error) {
	if err != nil {
		panic(err)
	}
}

// sha256Hex returns the SHA-256 of a text in hexadecimal digits.
func sha256Hex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
