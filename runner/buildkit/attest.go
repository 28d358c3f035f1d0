package buildkit

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"

	"github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/runner"
)

// The identifiers in a provenance.
const (
	slsa      = "https://slsa.dev/provenance/v1"
	buildType = "https://github.com/davit-dev/davit/blob/main/docs/images.md#provenance"
	builderID = "https://github.com/davit-dev/davit"
)

// A provenance is a predicate of SLSA 1: what an image was made from, and by which steps. It has no time, no
// machine and no number of a run, so that the same commit has the same provenance.
type provenance struct {
	BuildDefinition struct {
		BuildType            string             `json:"buildType"`
		ExternalParameters   externalParameters `json:"externalParameters"`
		ResolvedDependencies []dependency       `json:"resolvedDependencies,omitempty"`
	} `json:"buildDefinition"`
	RunDetails struct {
		Builder struct {
			ID string `json:"id"`
		} `json:"builder"`
	} `json:"runDetails"`
}

// externalParameters are the parameters that the user chooses.
type externalParameters struct {
	Source     string `json:"source,omitempty"`
	Revision   string `json:"revision,omitempty"`
	Version    string `json:"version,omitempty"`
	Dirty      bool   `json:"dirty,omitempty"`
	Step       string `json:"step"`
	Dockerfile string `json:"dockerfile,omitempty"`
	Target     string `json:"target,omitempty"`
	Base       string `json:"base,omitempty"`
}

// A dependency is a source that an image was made from.
type dependency struct {
	URI    string            `json:"uri"`
	Digest map[string]string `json:"digest,omitempty"`
}

// newProvenance returns the provenance of the image of a step.
func newProvenance(c tree.Commit, s runner.Step, materials []string) provenance {
	var p provenance
	i := s.Plan.Image
	p.BuildDefinition.BuildType, p.RunDetails.Builder.ID = buildType, builderID
	p.BuildDefinition.ExternalParameters = externalParameters{
		Source: c.Source, Revision: c.Revision, Version: c.Version, Dirty: c.Dirty,
		Step: s.ID, Dockerfile: i.Dockerfile, Target: i.Target, Base: i.Base,
	}
	var all []dependency
	if c.Revision != "" && !c.Dirty && c.Source != "" {
		all = append(all, dependency{"git+" + c.Source + "@" + c.Revision,
			map[string]string{"gitCommit": c.Revision}})
	}
	materials = slices.Clone(materials)
	slices.Sort(materials)
	for _, m := range slices.Compact(materials) {
		all = append(all, dependsOn(m))
	}
	p.BuildDefinition.ResolvedDependencies = all
	return p
}

// dependsOn converts a source of a definition to a dependency.
func dependsOn(id string) dependency {
	id = strings.TrimPrefix(id, dockerImage)
	name, sum, pinned := strings.Cut(id, "@sha256:")
	d := dependency{URI: name}
	if !strings.Contains(name, "://") {
		d.URI = "oci://" + name
	}
	if pinned {
		d.Digest = map[string]string{"sha256": sum}
	}
	return d
}

// The names that BuildKit gives to a manifest with attestations, by which docker and registries recognise
// one.
const (
	attestation         = "attestation-manifest"
	attestationKind     = "vnd.docker.reference.type"
	attestationOf       = "vnd.docker.reference.digest"
	predicateAnnotation = "in-toto.io/predicate-type"
	inToto              = "application/vnd.in-toto+json"
)

// A statement is a predicate about one image.
type statement struct {
	Type          string    `json:"_type"`
	PredicateType string    `json:"predicateType"`
	Subject       []subject `json:"subject"`
	Predicate     any       `json:"predicate"`
}

type subject struct {
	Name   string            `json:"name"`
	Digest map[string]string `json:"digest"`
}

// attest adds the provenance to an image in a layout, for each of its platforms, beside the attestations of
// the engine. It returns the digest of the new index. BuildKit's own provenance contains the time of the
// build, so that no image could be reproduced, and BuildKit accepts none from a frontend.
func (l *layout) attest(root digest.Digest, name string, p provenance) (digest.Digest, error) {
	index, err := l.index(root)
	if err != nil {
		return "", err
	}
	for _, d := range slices.Clone(index.Manifests) {
		if d.Annotations[attestationKind] != "" {
			continue
		}
		layer, err := l.writeStatement(d, name, p)
		if err == nil {
			err = l.addStatement(&index, d, layer)
		}
		if err != nil {
			return "", err
		}
	}
	d, err := l.writeBlob(ocispecs.MediaTypeImageIndex, index)
	return d.Digest, err
}

// index returns the index of an image. For a single image it makes one.
func (l *layout) index(root digest.Digest) (index ocispecs.Index, err error) {
	data, m, err := readManifest(l.dir, root)
	if err != nil {
		return index, err
	}
	if m.Config == nil {
		return index, json.Unmarshal(data, &index)
	}
	var one ocispecs.Manifest
	var config ocispecs.Image
	text, err := os.ReadFile(blobPath(l.dir, m.Config.Digest))
	if err = errors.Join(err, json.Unmarshal(data, &one), json.Unmarshal(text, &config)); err != nil {
		return index, err
	}
	index.SchemaVersion, index.MediaType, index.Annotations = 2, ocispecs.MediaTypeImageIndex, one.Annotations
	index.Manifests = []ocispecs.Descriptor{{MediaType: one.MediaType, Digest: root, Size: int64(len(data)),
		Platform: &config.Platform}}
	return index, nil
}

// writeStatement writes the statement with the provenance of an image.
func (l *layout) writeStatement(
	of ocispecs.Descriptor, name string, p provenance,
) (ocispecs.Descriptor, error) {
	d, err := l.writeBlob(inToto, statement{
		Type: "https://in-toto.io/Statement/v1", PredicateType: slsa, Predicate: p,
		Subject: []subject{{name, map[string]string{"sha256": of.Digest.Encoded()}}},
	})
	d.Annotations = map[string]string{predicateAnnotation: slsa}
	return d, err
}

// addStatement adds a statement to the manifest with the attestations of an image, which it makes if there is
// none.
func (l *layout) addStatement(index *ocispecs.Index, of, layer ocispecs.Descriptor) error {
	m := ocispecs.Manifest{Versioned: specs.Versioned{SchemaVersion: 2},
		MediaType: ocispecs.MediaTypeImageManifest}
	at := slices.IndexFunc(index.Manifests,
		func(d ocispecs.Descriptor) bool { return d.Annotations[attestationOf] == of.Digest.String() })
	if at >= 0 {
		data, _, err := readManifest(l.dir, index.Manifests[at].Digest)
		if err = errors.Join(err, json.Unmarshal(data, &m)); err != nil {
			return err
		}
	}
	m.Layers = append(m.Layers, layer)
	config := ocispecs.Image{Platform: unknown, RootFS: ocispecs.RootFS{Type: "layers"}}
	for _, s := range m.Layers {
		config.RootFS.DiffIDs = append(config.RootFS.DiffIDs, s.Digest)
	}
	var err error
	if m.Config, err = l.writeBlob(ocispecs.MediaTypeImageConfig, config); err != nil {
		return err
	}
	d, err := l.writeBlob(ocispecs.MediaTypeImageManifest, m)
	d.Platform = &unknown
	d.Annotations = map[string]string{attestationKind: attestation, attestationOf: of.Digest.String()}
	if at >= 0 {
		index.Manifests[at] = d
	} else {
		index.Manifests = append(index.Manifests, d)
	}
	return err
}

// unknown is the platform of attestations, so that no engine runs them.
var unknown = ocispecs.Platform{OS: "unknown", Architecture: "unknown"}

// writeBlob writes a value as JSON.
func (l *layout) writeBlob(mediaType string, value any) (ocispecs.Descriptor, error) {
	data, err := json.Marshal(value)
	if err != nil {
		return ocispecs.Descriptor{}, err
	}
	return writeBlob(l.dir, mediaType, data)
}
