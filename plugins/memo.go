package plugins

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

// An entry is a memoised answer: the key of its question, the reads that it depends on, the output of the
// plugin, and what it wrote to standard error.
type entry struct {
	key   [sha256.Size]byte
	reads []tree.Observation
	raw   []byte
	said  string
}

var (
	entryMagic = []byte("davit plan 2\n")
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	errEntry   = errors.New("the entry is damaged")
)

// encode returns the file format of an entry: magic, checksum of the rest, key, the length of
// what it said and that, observations, answer.
func (e *entry) encode() []byte {
	body := binary.AppendUvarint(bytes.Clone(e.key[:]), uint64(len(e.said)))
	body = tree.AppendObservations(append(body, e.said...), e.reads)
	body = append(body, e.raw...)
	out := binary.LittleEndian.AppendUint32(bytes.Clone(entryMagic), crc32.Checksum(body, castagnoli))
	return append(out, body...)
}

func decodeEntry(data []byte) (*entry, error) {
	rest, ok := bytes.CutPrefix(data, entryMagic)
	if !ok || len(rest) < 4+sha256.Size {
		return nil, errEntry
	}
	sum, body := binary.LittleEndian.Uint32(rest), rest[4:]
	if crc32.Checksum(body, castagnoli) != sum {
		return nil, errEntry
	}
	n, used := binary.Uvarint(body[sha256.Size:])
	rest = body[sha256.Size+max(used, 0):]
	if used <= 0 || n > uint64(len(rest)) {
		return nil, errEntry
	}
	reads, raw, err := tree.ParseObservations(rest[n:])
	if err != nil {
		return nil, err
	}
	return &entry{key: [sha256.Size]byte(body), reads: reads, raw: raw, said: string(rest[:n])}, nil
}

func (h *Host) entryFile(q *question) string {
	return filepath.Join(h.CacheDir, "plans", hex.EncodeToString(q.key[:16]))
}

// recall returns the memoised answer if nothing that it depends on has changed.
func (h *Host) recall(q *question) (Answer, bool) {
	if h.CacheDir == "" {
		return Answer{}, false
	}
	name := h.entryFile(q)
	data, err := readOwn(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			h.warn(err)
		}
		return Answer{}, false
	}
	e, err := decodeEntry(data)
	if err != nil || e.key != q.key {
		os.Remove(name)
		return Answer{}, false
	}
	return h.renew(q, e)
}

func (h *Host) renew(q *question, e *entry) (Answer, bool) {
	reads, ok := q.tree.Renew(e.reads, h.Now())
	if !ok {
		return Answer{}, false
	}
	p, err := plan.Parse(e.raw)
	if err != nil {
		return Answer{}, false // stored by a davit that was less strict
	}
	if len(reads) > 0 && &reads[0] != &e.reads[0] {
		e.reads = reads
		h.remember(q, e)
	}
	h.engine(q.Module) // Warm then knows that the module is in use
	return Answer{Plan: p, Reads: reads, Said: e.said, From: FromMemo}, true
}

// remember stores an answer.
func (h *Host) remember(q *question, e *entry) {
	if h.CacheDir == "" {
		return
	}
	if err := atomicfile.Write(h.entryFile(q), e.encode(), 0o600); err != nil {
		h.warn(err)
	}
}
