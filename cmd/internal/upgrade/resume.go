package upgrade

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/internal/atomicfile"
)

// resume goes on after an upgrade that was interrupted, unless there is a newer commit. What davit has written itself, and
// nobody has changed since, is taken back. What a command has changed stays: it may be that of the user by now.
func (w *Work) resume(ctx context.Context, report Reporter) error {
	c := w.left()
	if c == nil {
		return nil
	}
	if c.Head != w.tree.Head().Commit {
		return c.Forget()
	}
	changes, err := c.Changes(ctx)
	if err != nil {
		return err
	}
	var written, left []Change
	for _, change := range changes {
		if planned, is := c.Planned[change.Path]; is && planned == digest(change.Now) {
			written = append(written, change)
		} else {
			left = append(left, change)
		}
	}
	if _, err := c.TakeBack(context.WithoutCancel(ctx), written); err != nil {
		return err
	}
	kept, err := c.keepBefore(left)
	if err != nil {
		return err
	}
	report.Resume(c.Subject, paths(left), kept)
	return c.Forget()
}

// keepBefore writes what changed files were before, as far as git does not have that, to a folder, which it returns; "" if
// there is nothing to write.
func (c *Copies) keepBefore(changes []Change) (kept string, err error) {
	folder, err := c.newKept()
	if err != nil {
		return "", err
	}
	for _, change := range changes {
		if c.Files[change.Path].Copy == "" {
			continue
		}
		kept = folder
		if err := atomicfile.Write(filepath.Join(folder, filepath.FromSlash(change.Path)), change.Was, 0o600); err != nil {
			return "", err
		}
	}
	return kept, nil
}

// planned returns the digests of what davit itself writes for a proposal, by path.
func (w *Work) planned(p *Proposal) (map[string]string, error) {
	digests := map[string]string{}
	if len(p.Changes)+len(p.Besides) == 0 {
		return digests, nil
	}
	prefix, err := w.relative(p.Dir)
	for _, c := range slices.Concat(p.Changes, p.Besides) {
		digests[path.Join(prefix, c.Path)] = digest(c.Now)
	}
	return digests, err
}

// relative returns the path of a folder from the root of the work tree.
func (w *Work) relative(dir string) (string, error) {
	root, err := filepath.EvalSymlinks(w.tree.Dir())
	if err != nil {
		return "", err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", err
	}
	rel, err := filepath.Rel(root, dir)
	return filepath.ToSlash(rel), err
}

// digest returns the digest of the content of a file; "" for a missing one.
func digest(content []byte) string {
	if content == nil {
		return ""
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
