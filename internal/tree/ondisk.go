package tree

import (
	"os"

	"github.com/bmatcuk/doublestar/v4"
)

// OnDisk returns the files of a folder that match a glob, tracked or not: "**/target/surefire-reports/TEST-*.xml". It
// follows no link to a folder. A glob that is not valid matches nothing.
func OnDisk(root *os.Root, glob string) []string {
	if globFault(glob) != "" {
		return nil
	}
	names, _ := doublestar.Glob(root.FS(), glob, doublestar.WithFilesOnly(), doublestar.WithNoFollow())
	return names
}
