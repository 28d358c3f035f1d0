// Package compressed has the form of data that davit carries: zstd, which is small and decompresses in a few milliseconds.
// Data that shares most of its content with other data, its base, consists of the differences.
package compressed

import "github.com/klauspost/compress/zstd"

// baseID is the number that compressed data has for its base.
const baseID = 1

// Compress returns data in the form that Expand reads. What the data shares with a base, if there is one, is not in it.
func Compress(data, base []byte) ([]byte, error) {
	options := []zstd.EOption{zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1)}
	if base != nil {
		options = append(options, zstd.WithEncoderDictRaw(baseID, base), zstd.WithWindowSize(1<<24))
	}
	e, err := zstd.NewWriter(nil, options...)
	if err != nil {
		return nil, err
	}
	return e.EncodeAll(data, nil), e.Close()
}

// Expand returns what Compress was called with. The base is the same as then, and size is the number of bytes to expect,
// which makes one allocation of it, or 0.
func Expand(data, base []byte, size int) ([]byte, error) {
	options := []zstd.DOption{zstd.WithDecoderConcurrency(1)}
	if base != nil {
		options = append(options, zstd.WithDecoderDictRaw(baseID, base))
	}
	d, err := zstd.NewReader(nil, options...)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.DecodeAll(data, make([]byte, 0, size))
}
