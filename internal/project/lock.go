package project

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/strict"
)

// LockFile is the name of the file that pins images, plugins and conventions.
const LockFile = "project.lock"

// PluginsFolder is the folder of a project that davit vendor puts its published plugins into.
const PluginsFolder = "project.plugins"

// A Lock is project.lock: the digests of images, plugins and conventions when they were last resolved.
type Lock struct {
	// Version is the version of the format, which is 1.
	Version int `toml:"version"`
	// Images are digests ("sha256:…") by reference, as plans and Dockerfiles write it.
	Images map[string]string `toml:"images"`
	// Plugins are digests ("sha256:…") of published plugins by reference, as project.toml writes it.
	Plugins map[string]string `toml:"plugins"`
	// Conventions are digests of published conventions by reference.
	Conventions map[string]string `toml:"conventions"`
}

// digestPattern matches the digest of an image.
var digestPattern = sync.OnceValue(
	func() *regexp.Regexp { return regexp.MustCompile(`^sha256:[0-9a-f]{64}$`) })

// ParseLock parses project.lock. Faults, from editing by hand, are errors with their position.
func ParseLock(data []byte) (*Lock, error) {
	l := &Lock{}
	if err := strict.Decode(LockFile, data, l); err != nil {
		return nil, err
	}
	var faults []error
	if l.Version != 1 {
		faults = append(faults, strict.At(LockFile, data, []string{"version"}, "",
			"version is %d, and this davit knows 1", l.Version))
	}
	for _, ref := range slices.Sorted(maps.Keys(l.Images)) {
		if !digestPattern().MatchString(l.Images[ref]) {
			faults = append(faults, strict.At(LockFile, data, []string{"images", ref},
				"davit lock pins what is not there",
				"%q is pinned to %q, which is not a digest: sha256:… with 64 hexadecimal digits", ref,
				l.Images[ref]))
		}
		if strings.Contains(ref, "@") || strings.TrimSpace(ref) == "" {
			faults = append(faults, strict.At(LockFile, data, []string{"images", ref}, "",
				"%q is not the name of an image without a digest", ref))
		}
	}
	faults = append(faults, pinFaults(data, "plugins", l.Plugins, "davit plugin update pins it")...)
	faults = append(faults, pinFaults(data, "conventions", l.Conventions, "davit convention update pins it")...)
	return l, errors.Join(faults...)
}

// pinFaults returns what is wrong with a table of digests.
func pinFaults(data []byte, table string, pins map[string]string, hint string) (faults []error) {
	for _, ref := range slices.Sorted(maps.Keys(pins)) {
		if !digestPattern().MatchString(pins[ref]) {
			faults = append(faults, strict.At(LockFile, data, []string{table, ref}, hint,
				"%q is pinned to %q, which is not a digest: sha256:… with 64 hexadecimal digits", ref, pins[ref]))
		}
	}
	return faults
}

// PluginDigest returns the digest that a published plugin is pinned to; "" if it is not. An address pins it itself. The lock
// may be nil.
func (l *Lock) PluginDigest(ref string) string {
	if own := AddressDigest(ref); own != "" || l == nil {
		return own
	}
	return l.Plugins[ref]
}

// ConventionDigest returns the digest that a published convention is pinned to, as PluginDigest does for a plugin.
func (l *Lock) ConventionDigest(ref string) string {
	if own := AddressDigest(ref); own != "" || l == nil {
		return own
	}
	return l.Conventions[ref]
}

// Format returns the file with its images and plugins in order.
func (l *Lock) Format() []byte {
	var b strings.Builder
	b.WriteString("# The images that this project uses, by digest. davit lock adds to it, davit upgrade moves it.\nversion = 1\n")
	writePins(&b, "\n[images]\n", l.Images)
	writePins(&b, "\n# davit plugin update moves these.\n[plugins]\n", l.Plugins)
	writePins(&b, "\n# davit convention update moves these.\n[conventions]\n", l.Conventions)
	return []byte(b.String())
}

// writePins writes a table of digests, unless it is empty.
func writePins(b *strings.Builder, head string, pins map[string]string) {
	if len(pins) > 0 {
		b.WriteString(head)
	}
	for _, ref := range slices.Sorted(maps.Keys(pins)) {
		fmt.Fprintf(b, "%s = %s\n", quoted(ref), quoted(pins[ref]))
	}
}

// quoted returns a basic string of TOML.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Unpinned returns the references that have no digest, neither in the lock nor in themselves.
func (l *Lock) Unpinned(refs []string) (open []string) {
	for _, ref := range refs {
		if l.Images[ref] == "" && !strings.Contains(ref, "@") && !slices.Contains(open, ref) {
			open = append(open, ref)
		}
	}
	slices.Sort(open)
	return open
}
