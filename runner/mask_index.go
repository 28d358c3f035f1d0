package runner

import (
	"encoding/binary"
	"slices"
)

// headSize is the length of the beginnings by which an index finds its words. No word is shorter.
const headSize = minHidden

// A wordIndex finds words in a text in one pass, however many there are.
type wordIndex struct {
	// sieve has a bit for each head of a word: most places in a text need no more than a look at it.
	sieve [1024]uint64
	// words has the words by their heads.
	words map[uint32][]string
	// begins has the beginnings that are shorter than a head.
	begins map[string]bool
}

// add adds a word, unless it is shorter than a head.
func (x *wordIndex) add(word string) {
	if len(word) < headSize {
		return
	}
	if x.words == nil {
		x.words, x.begins = map[uint32][]string{}, map[string]bool{}
	}
	head := binary.LittleEndian.Uint32([]byte(word[:headSize]))
	if slices.Contains(x.words[head], word) {
		return
	}
	x.words[head] = append(x.words[head], word)
	x.sieve[bit(head)/64] |= 1 << (bit(head) % 64)
	for n := range headSize - 1 {
		x.begins[word[:n+1]] = true
	}
}

// bit returns the number of the bit of a head, of 65536.
func bit(head uint32) uint32 { return head * 2654435761 >> 16 }

// at returns the words that begin as a text does; nil if it is shorter than a head.
func (x *wordIndex) at(text []byte) []string {
	if len(text) < headSize {
		return nil
	}
	head := binary.LittleEndian.Uint32(text)
	if x.sieve[bit(head)/64]&(1<<(bit(head)%64)) == 0 {
		return nil
	}
	return x.words[head]
}
