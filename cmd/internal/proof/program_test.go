package proof

import (
	"debug/buildinfo"
	"fmt"
	"path/filepath"
)

// behaviour runs the program that a kind builds, in the world at dir, and returns what it says and how Go has
// built it. Two builds in two folders are not the same bytes.
func (w *world) behaviour(dir string) (string, error) {
	name := filepath.Join(dir, w.name, w.kind.program)
	o, err := w.run(dir, "/nonexistent", name)
	if err != nil {
		return "", err
	}
	info, err := buildinfo.ReadFile(name)
	if err != nil {
		return "", err
	}
	said := fmt.Sprintf("exits with %d: %s", o.code, o.said)
	for _, s := range info.Settings {
		said += s.Key + "=" + s.Value + "\n"
	}
	return said, nil
}
