package tree

import (
	"io/fs"
	"time"
)

// racy is how recent a change must be for the times of a file to prove nothing: a little more than the
// coarsest clock of a file system (two seconds on FAT).
const racy = 2500 * time.Millisecond

// A Stamp is what a file system says of a file or folder without reading it. Times are nanoseconds since
// 1970.
type Stamp struct {
	Size   int64
	Mtime  int64
	Change int64  // when anything at all was last changed; 0 if the system does not say
	Inode  uint64 // 0 if the system does not say
}

// stampOf returns the stamp from the result of Stat.
func stampOf(info fs.FileInfo) Stamp {
	s := Stamp{Mtime: info.ModTime().UnixNano()}
	if !info.IsDir() {
		s.Size = info.Size()
	}
	s.Change, s.Inode = system(info)
	return s
}

// settled reports whether every change after now must change the stamp. With a zero clock nothing is settled.
func (s Stamp) settled(now time.Time) bool {
	last := s.Change
	if last == 0 {
		last = s.Mtime
	}
	return !now.IsZero() && last < now.Add(-racy).UnixNano()
}
