package registry

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"
	"oras.land/oras-go/v2/registry/remote"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/plugins/sdk"
)

// maxFound is how many repositories a search looks into, and maxAtOnce how many of them at the same time.
const (
	maxFound  = 500
	maxAtOnce = 4
)

// errEnough ends a list of repositories.
var errEnough = errors.New("enough")

// search returns the modules of a repository or, if there is none of that name, of the repositories below it.
func (m Modules) search(ctx context.Context, namespace string) ([]project.Listed, error) {
	host, prefix, _ := strings.Cut(namespace, "/")
	if prefix != "" {
		if one, err := m.describe(ctx, namespace); err == nil && one != nil {
			return []project.Listed{*one}, nil
		}
	}
	names, err := m.repositories(ctx, host, prefix)
	if err != nil {
		return nil, err
	}
	found, errs := make([]*project.Listed, len(names)), make([]error, len(names))
	slots, wait := make(chan struct{}, maxAtOnce), sync.WaitGroup{}
	for i, name := range names {
		wait.Go(func() {
			slots <- struct{}{}
			found[i], errs[i] = m.describe(ctx, host+"/"+name)
			<-slots
		})
	}
	wait.Wait()
	var all []project.Listed
	for _, one := range found {
		if one != nil {
			all = append(all, *one)
		}
	}
	return all, firstOf(errs)
}

// firstOf returns the first error of some that is not that something is gone or somebody else's.
func firstOf(errs []error) error {
	for _, err := range errs {
		if err != nil && !isNotFound(err) && !isDenied(err) {
			return err
		}
	}
	return nil
}

// repositories returns the names of the repositories of a registry below a prefix.
func (m Modules) repositories(ctx context.Context, host, prefix string) (names []string, err error) {
	err = m.do(ctx, host+"/"+prefixOr(prefix)+":", "list", func(ctx context.Context, repo *remote.Repository, _ string) error {
		registry, err := remote.NewRegistry(host)
		if err != nil {
			return err
		}
		registry.PlainHTTP, registry.Client, names = repo.PlainHTTP, repo.Client, nil
		err = registry.Repositories(ctx, "", func(some []string) error {
			for _, name := range some {
				if prefix == "" || strings.HasPrefix(name, prefix+"/") {
					names = append(names, name)
				}
			}
			if len(names) >= maxFound {
				return errEnough
			}
			return nil
		})
		if errors.Is(err, errEnough) {
			return nil
		}
		return err
	})
	return names, err
}

// prefixOr returns a path that a repository could have, for a registry as a whole.
func prefixOr(prefix string) string {
	if prefix == "" {
		return "all"
	}
	return prefix
}

// describe returns what is known of a repository with modules; nil if it has none.
func (m Modules) describe(ctx context.Context, name string) (one *project.Listed, err error) {
	err = m.do(ctx, name+":", "list", func(ctx context.Context, repo *remote.Repository, _ string) error {
		var tags []string
		if err := repo.Tags(ctx, "", func(some []string) error { tags = append(tags, some...); return nil }); err != nil {
			return err
		}
		if tags = versions(tags); len(tags) == 0 {
			return nil
		}
		latest := tags[len(tags)-1]
		if _, annotations, err := layerOf(ctx, blobs.Plugin, repo, latest); err == nil {
			one = listed(name+":"+latest, tags, annotations)
		}
		return nil
	})
	return one, err
}

// listed returns a module as a search shows it.
func listed(ref string, tags []string, annotations map[string]string) *project.Listed {
	return &project.Listed{Ref: ref, Tags: tags, Name: annotations[ocispecs.AnnotationTitle],
		Version: annotations[ocispecs.AnnotationVersion], Summary: annotations[ocispecs.AnnotationDescription]}
}

// versions returns tags in the order of their versions, without those of signatures.
func versions(tags []string) []string {
	tags = slices.DeleteFunc(tags, func(tag string) bool { return strings.HasPrefix(tag, "sha256-") })
	slices.SortFunc(tags, sdk.CompareVersions)
	return tags
}

// search returns the modules of a layout, one for each name.
func (l Layouts) search(namespace string) (all []project.Listed, err error) {
	dir, _ := l.open(namespace)
	folder, _, _ := project.Layout(namespace)
	manifests, err := manifestsOf(dir)
	if err != nil {
		return nil, layoutError(dir, err)
	}
	byTag := map[string]project.Listed{}
	for _, d := range manifests {
		tag := d.Annotations[ocispecs.AnnotationRefName]
		if _, annotations, err := layerIn(blobs.Plugin, dir, d); err == nil && tag != "" {
			byTag[tag] = *listed(project.LayoutReference(folder, tag), []string{tag}, annotations)
		}
	}
	for _, tag := range versions(slices.Collect(maps.Keys(byTag))) {
		all = append(all, byTag[tag])
	}
	return all, nil
}
