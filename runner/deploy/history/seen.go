package history

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Seen is what a machine has seen of the records of an environment: the newest one that had ended.
type Seen struct {
	// Format is that of the record.
	Format int    `json:"format"`
	Number int    `json:"release"`
	Digest string `json:"digest"`
	// Accepted is the sum of all records that somebody has accepted as they are.
	Accepted string `json:"accepted,omitempty"`
	// Undone is nil where nothing was undone since.
	Undone *Undone `json:"undone,omitempty"`
}

// A SeenStore keeps what this machine has seen of one environment.
type SeenStore interface {
	// Load returns the zero Seen where nothing was seen yet.
	Load() (Seen, error)
	Save(Seen) error
}

// seenFormat is the version of the files that a SeenFile writes.
const seenFormat = 1

// A SeenFile is a SeenStore in a file of the user's own.
type SeenFile struct {
	// Path is absolute. Engine, Project and Environment are for whoever reads the file.
	Path, Engine, Project, Environment string
}

// seenDocument is the content of a SeenFile.
type seenDocument struct {
	Version     int    `json:"version"`
	Engine      string `json:"engine"`
	Project     string `json:"project"`
	Environment string `json:"environment"`
	Seen        Seen   `json:"last"`
}

// NewSeenFile returns the file for an environment on the engine of an address, in a folder.
func NewSeenFile(dir, engine string, e release.Environment) SeenFile {
	sum := sha256.Sum256([]byte(strings.Join([]string{engine, e.Project, e.Name}, "\x00")))
	return SeenFile{filepath.Join(dir, hex.EncodeToString(sum[:16])+".json"), engine, e.Project, e.Name}
}

// maxSeen is the greatest size of a SeenFile in bytes.
const maxSeen = 64 << 10

// Load reads the file.
func (f SeenFile) Load() (Seen, error) {
	info, err := os.Lstat(f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Seen{}, nil
	case err == nil && !(info.Mode().IsRegular() && info.Size() <= maxSeen && cache.IsOwn(info)):
		err = errors.New("it is no small file of the user's own")
	}
	var doc seenDocument
	if err == nil {
		doc, err = f.read()
	}
	if err != nil {
		return Seen{}, fmt.Errorf("%s, which remembers the releases that this machine has seen, cannot be read: %w",
			f.Path, err)
	}
	return doc.Seen, nil
}

func (f SeenFile) read() (doc seenDocument, err error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return doc, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxSeen))
	if err != nil {
		return doc, err
	}
	if reason := release.DecodeStrictly(text, &doc); reason != "" {
		return doc, errors.New(reason)
	}
	if doc.Version != seenFormat {
		return doc, fmt.Errorf("it has version %d, wanted %d", doc.Version, seenFormat)
	}
	if doc.Seen.Accepted == "" && (doc.Seen.Number < 1 || doc.Seen.Digest == "") {
		return doc, errors.New("it names no release")
	}
	return doc, nil
}

// Save replaces the file.
func (f SeenFile) Save(s Seen) error {
	text, err := json.MarshalIndent(seenDocument{seenFormat, f.Engine, f.Project, f.Environment, s}, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Write(f.Path, append(text, '\n'), 0o600)
}

// save keeps what this machine has seen.
func (h *History) save(s Seen) error {
	if h.Seen == nil {
		return nil
	}
	if err := h.Seen.Save(s); err != nil {
		return &deploy.NotRememberedError{Err: err}
	}
	return nil
}
