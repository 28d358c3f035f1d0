package tree

import (
	"io/fs"
	"time"
)

// racy is how near to the moment of looking a file may have changed for its times to prove nothing: the coarsest clock of a
// file system (two seconds on FAT) and then some.
const racy = 2500 * time.Millisecond

// Stamp is what a file system tells about a file or folder without reading it. Times are nanoseconds since 1970.
type Stamp struct {
	Size   int64
	Mtime  int64
	Change int64  // when anything at all was last changed; 0 where the system does not tell
	Inode  uint64 // 0 where the system does not tell
}

// stampOf reads the stamp from what Stat returned.
func stampOf(info fs.FileInfo) Stamp {
	s := Stamp{Mtime: info.ModTime().UnixNano()}
	if !info.IsDir() {
		s.Size = info.Size()
	}
	s.Change, s.Inode = system(info)
	return s
}

// settled tells whether every change after now must change the stamp. A clock of zero knows nothing, so nothing is settled.
func (s Stamp) settled(now time.Time) bool {
	last := s.Change
	if last == 0 {
		last = s.Mtime
	}
	return !now.IsZero() && last < now.Add(-racy).UnixNano()
}
