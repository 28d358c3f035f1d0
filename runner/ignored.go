package runner

import (
	"fmt"
	"sync"

	"github.com/davit-dev/davit/internal/tree"
)

// ignored is what is in the project besides its files: what git ignores, and the environments.
type ignored struct {
	// sums are those of files by path, and of environments by path with a slash at the end.
	sums map[string]string
	// files and environments are the keys of sums, sorted.
	files, environments []string
	// outside are the folders that environments and ignored links lead to.
	outside []string
	// doubt is why results are not kept, or "".
	doubt string
}

// ignoredOnce returns a function that lists and hashes, once.
func (f *Files) ignoredOnce(listed []string) func() (*ignored, error) {
	var mu sync.Mutex
	var done *ignored
	return func() (*ignored, error) {
		mu.Lock()
		defer mu.Unlock()
		if done != nil {
			return done, nil
		}
		found, err := f.readIgnored(listed)
		if err == nil {
			done = found
		}
		return found, err
	}
}

func (f *Files) readIgnored(listed []string) (*ignored, error) {
	u, err := f.tree.Unlisted(listed, f.uncapped...)
	if err != nil {
		return nil, err
	}
	g := &ignored{sums: map[string]string{}}
	if u.TooMany != "" {
		g.doubt = fmt.Sprintf("git ignores more than %d files or %d MB, many of them in %q: "+
			"name the inputs, or ignore that folder in project.toml",
			tree.MaxUnlisted, tree.MaxUnlistedBytes>>20, u.TooMany)
	}
	sums, err := f.index.Hash(u.Files)
	if err != nil {
		return nil, err
	}
	for _, name := range u.Files {
		sum, there := sums[name]
		if !there {
			continue
		}
		g.sums[name], g.files = sum.Exact(), append(g.files, name)
		if sum.Kind == tree.KindLink {
			g.outside = append(g.outside, f.leadsOutside(name)...)
		}
	}
	for _, dir := range u.Environments {
		e, err := f.tree.Environment(dir)
		if err != nil {
			return nil, err
		}
		g.sums[dir+"/"], g.environments = e.Record, append(g.environments, dir+"/")
		g.outside = append(g.outside, e.Outside...)
	}
	return g, nil
}
