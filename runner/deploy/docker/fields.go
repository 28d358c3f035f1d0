package docker

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// fields returns those of a container in the form that package release describes, and which of them it has
// inherited from its image or the engine.
func (l *observation) fields(f observedContainer) (fields, inherited release.Fields) {
	fields, inherited = literal(l.texts(f)), release.Fields{}
	setFiles(f, fields) // the labels have hashes
	l.addInherited(f, fields, inherited)
	fields, inherited = fields.Qualify(backendName), inherited.Qualify(backendName)
	l.redact(f, fields, inherited)
	return fields, inherited
}

// texts returns the fields of a container as texts, but for its files.
func (l *observation) texts(f observedContainer) release.Fields {
	fields := release.Fields{"image": digestOf(f.label(label.Image), f.Image, l.images[f.Image].RepoDigests)}
	l.addProcess(f, fields)
	l.addHost(f, fields)
	l.addMounts(f, fields)
	l.addNetworks(f, fields)
	return fields
}

// literal returns texts as fields.
func literal(texts release.Fields) release.Fields {
	for path, text := range texts {
		texts[path] = release.Literal(text)
	}
	return texts
}

// digestOf returns the digest that identifies an image. A container that davit made of that image has it in a
// label. For others the engine knows it if exactly one registry has given it one.
func digestOf(labelled, id string, repoDigests []string) string {
	if digest, local, ok := strings.Cut(labelled, " "); ok {
		if local == id {
			return digest
		}
		return id
	}
	digests := map[string]bool{}
	for _, known := range repoDigests {
		_, digest, _ := strings.Cut(known, "@")
		digests[digest] = true
	}
	if len(digests) != 1 {
		return id
	}
	return slices.Collect(maps.Keys(digests))[0]
}

// redact replaces values that come from secrets by keyed hashes, so that none leaves this package.
func (l *observation) redact(f observedContainer, fields, inherited release.Fields) {
	secrets := strings.Split(f.label(label.Secrets), ",")
	for i, path := range secrets { // an older davit has written them without the name of the backend
		secrets[i] = release.QualifyPath(backendName, path)
	}
	fields.Redact(f.key.Secret, secrets...)
	for _, path := range secrets {
		delete(inherited, path)
	}
}
