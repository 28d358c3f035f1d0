package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
)

// The file of an entry holds the SHA-256 of the JSON, a line break, and the JSON.

// Load decodes the entry of a key, which Key made, into v, and reports whether there is one. An entry that is
// damaged, or that v cannot hold, is removed.
func (s *Store) Load(key string, v any) bool {
	if s.dir == "" || !isDigest(key) {
		return false
	}
	f, info, ok := s.open(entries, key)
	if !ok {
		return false
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil || !decode(data, v) {
		os.Remove(f.Name())
		return false
	}
	s.touch(f, info)
	return true
}

func decode(data []byte, v any) bool {
	sum, body, ok := bytes.Cut(data, []byte("\n"))
	return ok && string(sum) == checksum(body) && json.Unmarshal(body, v) == nil
}

// Save stores v, as JSON, as the entry of a key.
func (s *Store) Save(key string, v any) {
	body, err := json.Marshal(v)
	if err != nil || !isDigest(key) {
		return
	}
	s.write(s.path(entries, key), []byte(checksum(body)+"\n"+string(body)))
}

// Drop removes the entry of a key.
func (s *Store) Drop(key string) {
	if s.dir != "" && isDigest(key) {
		os.Remove(s.path(entries, key))
	}
}

func checksum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
