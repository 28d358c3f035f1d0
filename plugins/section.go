package plugins

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// SectionName is the name of the custom section that holds plugin.toml.
const SectionName = "davit.manifest"

// maxManifest is the size of the largest manifest, in bytes. It is parsed in this process.
const maxManifest = 64 << 10

// The ids of sections.
const (
	customSection = 0
	tableSection  = 4
)

var header = []byte("\x00asm\x01\x00\x00\x00")

// Pack returns a module with a plugin.toml in it, which replaces one that the module has. It checks the
// manifest first.
func Pack(module, manifest []byte) ([]byte, error) {
	if _, err := ParseManifest("plugin.toml", manifest); err != nil {
		return nil, err
	}
	out := bytes.Clone(header)
	err := sections(module, func(s section) error {
		if !s.named(SectionName) {
			out = append(out, s.raw...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	body := binary.AppendUvarint(nil, uint64(len(SectionName)))
	body = append(append(body, SectionName...), manifest...)
	out = binary.AppendUvarint(append(out, customSection), uint64(len(body)))
	return append(out, body...), nil
}

// ReadManifest returns the plugin.toml of a module.
func ReadManifest(module []byte) (manifest []byte, err error) {
	err = sections(module, func(s section) error {
		if !s.named(SectionName) {
			return nil
		}
		if manifest != nil {
			return fmt.Errorf("it has two sections %q", SectionName)
		}
		if _, manifest = cutName(s.body); len(manifest) > maxManifest {
			return fmt.Errorf("its section %q is larger than %d KiB", SectionName, maxManifest>>10)
		}
		return nil
	})
	if err == nil && manifest == nil {
		err = fmt.Errorf("it has no section %q, so it is not a davit plugin", SectionName)
	}
	return manifest, err
}

// CustomSize returns how many bytes of a module are sections that are not a part of the program, such as those for
// debuggers; the manifest is not counted.
func CustomSize(module []byte) (n int) {
	sections(module, func(s section) error {
		if s.id == customSection && !s.named(SectionName) {
			n += len(s.raw)
		}
		return nil
	})
	return n
}

// A section is one section of a module.
type section struct {
	id   byte
	body []byte
	raw  []byte // with id and size
}

// named reports whether it is a custom section of a name.
func (s section) named(name string) bool {
	if s.id != customSection {
		return false
	}
	got, _ := cutName(s.body)
	return string(got) == name
}

func cutName(body []byte) (name, rest []byte) {
	n, used := uleb(body)
	if used == 0 || n > uint64(len(body)-used) {
		return nil, nil
	}
	return body[used : used+int(n)], body[used+int(n):]
}

var errCut = errors.New("the module is truncated")

// sections calls f for every section of a module.
func sections(module []byte, f func(section) error) error {
	rest, ok := bytes.CutPrefix(module, header)
	switch {
	case !bytes.HasPrefix(module, header[:4]):
		return errors.New("it is not a WebAssembly module")
	case !ok:
		return errors.New(
			"it is a WebAssembly component, or of another version; wanted a core module (wasm32-wasip1)")
	}
	for len(rest) > 0 {
		size, used := uleb(rest[1:])
		if used == 0 || size > uint64(len(rest)-1-used) {
			return errCut
		}
		end := 1 + used + int(size)
		if err := f(section{rest[0], rest[1+used : end], rest[:end]}); err != nil {
			return err
		}
		rest = rest[end:]
	}
	return nil
}

// uleb decodes an unsigned number of at most 32 bits and returns how many bytes it has, 0 if there is none.
func uleb(b []byte) (v uint64, used int) {
	v, used = binary.Uvarint(b[:min(len(b), 5)])
	if used <= 0 || v > 1<<32-1 {
		return 0, 0
	}
	return v, used
}

// maxTable is the largest number of entries of a table. wazero has no limit of its own but the one that the
// module declares.
const maxTable = 1 << 20

// tablesBounded reports whether every table of a module has a maximum size. It returns an error for a table
// that is too large.
func tablesBounded(module []byte) (all bool, err error) {
	all = true
	err = sections(module, func(s section) error {
		if s.id != tableSection {
			return nil
		}
		r := bytes.NewReader(s.body)
		n, err := binary.ReadUvarint(r)
		for ; err == nil && n > 0; n-- {
			var ok bool
			ok, err = tableBounded(r)
			all = all && ok
		}
		return err
	})
	return all, err
}

func tableBounded(r *bytes.Reader) (bool, error) {
	kind, _ := r.ReadByte()
	limits, err := r.ReadByte()
	if err != nil || kind != 0x70 && kind != 0x6f || limits > 1 {
		return false, errors.New("it has a table of a kind that is not supported")
	}
	least, err := binary.ReadUvarint(r)
	if err != nil {
		return false, errCut
	}
	if least > maxTable {
		return false, fmt.Errorf("it has a table of %d entries, more than %d", least, maxTable)
	}
	if limits == 0 {
		return false, nil
	}
	most, err := binary.ReadUvarint(r)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = errCut
	}
	return most <= maxTable, err
}
