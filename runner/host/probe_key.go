package host

import (
	"fmt"
	"os"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/tree"
)

// A probeKey makes the key of an answer from words, stamps and files. A file that is missing, or that the
// user may not see, counts by its name; if the system does not say whether a file exists, there is no key.
type probeKey struct {
	words []string
	err   error
}

func (k *probeKey) add(words ...string) { k.words = append(k.words, words...) }

// fail notes an error, unless it says that there is nothing to be found.
func (k *probeKey) fail(err error) {
	if k.err == nil && tree.IsUnknown(err) {
		k.err = err
	}
}

// stamp adds what the file system says of a file or folder.
func (k *probeKey) stamp(file string, stat func(string) (os.FileInfo, error)) {
	info, err := stat(file)
	if err != nil {
		k.fail(err)
		k.add(file)
		return
	}
	k.add(fmt.Sprintf("%s %+v", file, tree.StampOf(info)))
}

// file returns what is in a file, and whether it is there.
func (k *probeKey) file(name string) (data []byte, there bool) {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		return nil, false
	}
	if err == nil {
		data, err = os.ReadFile(name)
	}
	k.fail(err)
	return data, err == nil
}

func (k *probeKey) key() (string, error) {
	if k.err != nil {
		return "", k.err
	}
	return cache.Key(k.words...), nil
}
