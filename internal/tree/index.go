package tree

import (
	"encoding/binary"
	"hash/crc32"
	"maps"
	"os"
	"slices"

	"github.com/davit-dev/davit/internal/atomicfile"
)

// The index is a file of a header, one record for each file, and a checksum of everything before it:
//
//	"davit index 2\n" { length path size mtime change inode kind mode hash } crc
//
// Numbers are varints, except for the checksum, which has four bytes.
const indexHeader = "davit index 2\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// recall returns what is known of each path; the zero value fits no file. The first call reads the index.
func (x *Index) recall(paths []string) []known {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.known == nil {
		x.known = map[string]known{}
		if data, err := os.ReadFile(x.file); err == nil && x.file != "" {
			x.known = decodeIndex(data)
		}
	}
	prior := make([]known, len(paths))
	for i, name := range paths {
		prior[i] = x.known[name]
	}
	return prior
}

// Save writes the index atomically, if anything was learnt since it was read. On an error the old file is
// kept.
func (x *Index) Save() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.changed || x.file == "" {
		return nil
	}
	x.forget()
	if err := atomicfile.Write(x.file, encodeIndex(x.known), 0o600); err != nil {
		return err
	}
	x.changed = false
	return nil
}

// forget drops the files that are not asked for any more, once they are most of the index.
func (x *Index) forget() {
	used := 0
	for _, k := range x.known {
		if k.used {
			used++
		}
	}
	if len(x.known) > 4*used+10_000 {
		maps.DeleteFunc(x.known, func(_ string, k known) bool { return !k.used })
	}
}

func encodeIndex(files map[string]known) []byte {
	b := append(make([]byte, 0, 100*len(files)+64), indexHeader...)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		k := files[name]
		b = binary.AppendUvarint(b, uint64(len(name)))
		b = append(b, name...)
		for _, n := range []int64{k.stamp.Size, k.stamp.Mtime, k.stamp.Change} {
			b = binary.AppendVarint(b, n)
		}
		b = binary.AppendUvarint(b, k.stamp.Inode)
		b = binary.AppendUvarint(append(b, k.sum.Kind), uint64(k.sum.Mode))
		b = append(b, k.sum.Hash[:]...)
	}
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
}

// decodeIndex reads an index; one that is damaged or of another version is empty.
func decodeIndex(data []byte) map[string]known {
	files := map[string]known{}
	end := len(data) - 4
	if end < len(indexHeader) || string(data[:len(indexHeader)]) != indexHeader ||
		crc32.Checksum(data[:end], castagnoli) != binary.LittleEndian.Uint32(data[end:]) {
		return files
	}
	d := decoder{text: string(data[len(indexHeader):end])}
	for d.text != "" {
		name, k := d.record()
		if d.bad {
			return map[string]known{}
		}
		files[name] = k
	}
	return files
}

// A decoder takes records from the front of text. The names of all files stay parts of it, which saves a copy
// of each.
type decoder struct {
	text string
	bad  bool
}

func (d *decoder) record() (string, known) {
	name := d.take(d.uvarint())
	stamp := Stamp{Size: d.varint(), Mtime: d.varint(), Change: d.varint(), Inode: d.uvarint()}
	k := known{stamp: stamp}
	if kind := d.take(1); kind != "" {
		k.sum.Kind = kind[0]
	}
	k.sum.Mode = uint16(d.uvarint())
	copy(k.sum.Hash[:], d.take(uint64(len(k.sum.Hash))))
	return name, k
}

func (d *decoder) take(n uint64) string {
	if n > uint64(len(d.text)) {
		d.bad, d.text = true, ""
		return ""
	}
	part := d.text[:n]
	d.text = d.text[n:]
	return part
}

func (d *decoder) uvarint() uint64 {
	var n uint64
	for i := 0; i < len(d.text) && i < binary.MaxVarintLen64; i++ {
		n |= uint64(d.text[i]&0x7f) << (7 * i)
		if d.text[i] < 0x80 {
			d.text = d.text[i+1:]
			return n
		}
	}
	d.bad, d.text = true, ""
	return 0
}

func (d *decoder) varint() int64 {
	n := d.uvarint()
	return int64(n>>1) ^ -int64(n&1)
}
