package deploy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// foreignOrRenamed says why the environment may not be the one that is meant: its last release may be of another
// project, or it has none and an environment of this project has another name.
func (o *operation) foreignOrRenamed(ctx context.Context, r release.Release) (string, error) {
	if o.last() != nil {
		return o.environments.foreign(ctx, o.session), nil
	}
	return o.renamed(ctx, r)
}

// foreign says why the last release may be of another project: it was deployed from another folder, and no commit
// connects the two.
func (e *Environments) foreign(ctx context.Context, s *session) string {
	now := s.last()
	if now == nil || now.Folder == "" || now.Folder == e.folder() || e.Builder.Has(ctx, now.Revision) {
		return ""
	}
	return fmt.Sprintf("release %d, by %s, was deployed from %s, and this repository does not have its commit: "+
		"if that is another project, name = \"NAME\" under [_] in project.toml gives this one a name of its own", now.Number, now.By, now.Folder)
}

// verifyOwn refuses a heal of what may be of another project: the files of this folder would be mounted in its containers.
func (e *Environments) verifyOwn(ctx context.Context, s *session) error {
	why := e.foreign(ctx, s)
	if why == "" {
		return nil
	}
	return refused("git fetch gets a commit of others; if it is this project's, davit deploy "+s.Name+" goes on from this folder",
		"%s is not healed: %s", s.Name, why)
}

// renamed says under which other names the project of a first release has this environment already. The folder of the
// project, or name under [_], was another one then.
func (o *operation) renamed(ctx context.Context, r release.Release) (string, error) {
	all, err := o.backend.Namesakes(ctx)
	var sentences []string
	for _, other := range all {
		if !o.isOfProject(ctx, other, r) {
			continue
		}
		sentences = append(sentences, fmt.Sprintf("this project has %s as %q already (release %d, by %s, deployed from %s), and another one "+
			"is made beside it, with volumes of its own: name = %[2]q under [_] in project.toml goes on with that one",
			o.Name, other.Project, other.Number, other.By, other.Folder))
	}
	slices.Sort(sentences)
	return strings.Join(sentences, "; "), err
}

// isOfProject reports whether a release under another name is of the project that a release is made of.
func (o *operation) isOfProject(ctx context.Context, other, r release.Release) bool {
	if other.Folder == o.environments.folder() {
		return true
	}
	folder, _ := strings.CutPrefix(other.Folder, hostname()+":")
	if folder == other.Folder {
		folder = ""
	}
	return sharesService(slices.Collect(maps.Keys(r.Images)), other.Images) &&
		o.environments.Builder.IsOf(ctx, other.Revision, folder)
}

// folder returns the folder of the project, with the machine that it is on.
func (e *Environments) folder() string { return hostname() + ":" + e.Dir }
