package tree

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

// AppendObservations appends the binary form of observations to b. ParseObservations reads it.
func AppendObservations(b []byte, seen []Observation) []byte {
	b = binary.AppendUvarint(b, uint64(len(seen)))
	for i := range seen {
		b = seen[i].append(b)
	}
	return b
}

func (o *Observation) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(o.Path)))
	b = append(b, o.Path...)
	if o.onlyKind() {
		return append(b, byte(o.Kind), o.flags())
	}
	b = append(b, byte(o.Kind), o.flags()|detailed)
	b = append(b, o.Sum[:]...)
	for _, n := range []int64{o.Read, o.Stamp.Size, o.Stamp.Mtime, o.Stamp.Change} {
		b = binary.AppendVarint(b, n)
	}
	return binary.AppendUvarint(b, o.Stamp.Inode)
}

// detailed is the flag that says that more than the kind follows.
const detailed = 1 << 7

// flags packs the booleans of an observation, in the order of switches.
func (o *Observation) flags() (packed byte) {
	for i, set := range o.switches() {
		if *set {
			packed |= 1 << i
		}
	}
	return packed
}

func (o *Observation) switches() [5]*bool {
	return [...]*bool{&o.Whole, &o.Sized, &o.Listed, &o.Settled, &o.Loose}
}

var errDamaged = errors.New("the list of observations is damaged")

// ParseObservations reads what AppendObservations wrote, and returns what follows it.
func ParseObservations(b []byte) (seen []Observation, rest []byte, err error) {
	r := reader{b: b}
	n := r.uvarint()
	if r.bad || n > uint64(len(r.b)) { // each takes a byte at least
		return nil, nil, errDamaged
	}
	for range n {
		if seen = append(seen, r.observation()); r.bad {
			return nil, nil, errDamaged
		}
	}
	return seen, r.b, nil
}

// A reader takes values off a slice, and zeros once something is missing.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) observation() (o Observation) {
	o.Path = string(r.bytes(r.uvarint()))
	o.Kind = Kind(r.byte())
	packed := r.byte()
	for i, set := range o.switches() {
		*set = packed&(1<<i) != 0
	}
	r.bad = r.bad || o.Kind > Folder
	if packed&detailed == 0 {
		r.bad = r.bad || !o.onlyKind()
		return o
	}
	copy(o.Sum[:], r.bytes(sha256.Size))
	for _, n := range []*int64{&o.Read, &o.Stamp.Size, &o.Stamp.Mtime, &o.Stamp.Change} {
		*n = r.varint()
	}
	o.Stamp.Inode = r.uvarint()
	r.bad = r.bad || o.Read < 0 || o.onlyKind()
	return o
}

func (r *reader) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) bytes(n uint64) []byte {
	if r.bad = r.bad || n > uint64(len(r.b)); r.bad {
		return nil
	}
	got := r.b[:n]
	r.b = r.b[n:]
	return got
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	r.skip(n)
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	r.skip(n)
	return v
}

// skip drops the n bytes of a number; n below 1 means that it is damaged.
func (r *reader) skip(n int) { r.bytes(uint64(max(n, 0))); r.bad = r.bad || n <= 0 }
