package buildkit

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/containerd/platforms"
	"github.com/moby/buildkit/exporter/containerimage/exptypes"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	ocispecs "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/runner"
)

// annotations returns the OCI annotations that say where an image comes from. They depend on the commit
// alone: a clock, a user or a machine in them would make each image another one. The revision and the version
// of a dirty tree end in "-dirty".
func annotations(o runner.ContainerOptions) map[string]string {
	c := o.Image.Commit
	all := map[string]string{
		ocispecs.AnnotationTitle:    o.Name,
		ocispecs.AnnotationSource:   c.Source,
		ocispecs.AnnotationRevision: markDirty(c.Revision, c.Dirty),
		ocispecs.AnnotationVersion:  markDirty(c.Version, c.Dirty),
		ocispecs.AnnotationCreated:  creationTime(c).Format(time.RFC3339),
	}
	maps.DeleteFunc(all, func(_, value string) bool { return value == "" })
	return all
}

// markDirty appends "-dirty" to a name if the tree is dirty.
func markDirty(name string, dirty bool) string {
	if name == "" || !dirty || strings.HasSuffix(name, "-dirty") {
		return name
	}
	return name + "-dirty"
}

// creationTime returns the time of an image and of all files in it: that of the commit, or the epoch where
// there is none.
func creationTime(c tree.Commit) time.Time {
	if c.Time.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return c.Time.UTC().Truncate(time.Second)
}

// epoch returns the creation time as SOURCE_DATE_EPOCH expects it.
func epoch(c tree.Commit) string { return strconv.FormatInt(creationTime(c).Unix(), 10) }

// annotationPrefix is the prefix of the annotation keys of the OCI.
const annotationPrefix = "org.opencontainers.image."

// withLabels adds labels to the configuration of an image. A label that the Dockerfile sets stays. An
// inherited OCI label is removed: it says where the base comes from.
func withLabels(config, base []byte, labels map[string]string) ([]byte, error) {
	var image, baseConfig dockerspec.DockerOCIImage
	if err := json.Unmarshal(config, &image); err != nil {
		return nil, err
	}
	if len(base) > 0 {
		if err := json.Unmarshal(base, &baseConfig); err != nil {
			return nil, err
		}
	}
	all := map[string]string{}
	for key, value := range image.Config.Labels {
		if inherited, ok := baseConfig.Config.Labels[key]; !ok || inherited != value ||
			!strings.HasPrefix(key, annotationPrefix) {
			all[key] = value
		}
	}
	for key, value := range labels {
		if _, set := all[key]; !set {
			all[key] = value
		}
	}
	image.Config.Labels = all
	return json.Marshal(image)
}

// annotationLabels returns the labels of an image that are OCI annotations.
func annotationLabels(config []byte) map[string]string {
	var image ocispecs.Image
	if json.Unmarshal(config, &image) != nil {
		return nil
	}
	found := map[string]string{}
	for key, value := range image.Config.Labels {
		if strings.HasPrefix(key, annotationPrefix) {
			found[key] = value
		}
	}
	return found
}

// annotate adds the labels to each image of a result, and the same as annotations to its manifest.
func annotate(res *gateway.Result, labels map[string]string) error {
	for key, config := range res.Metadata {
		rest, is := strings.CutPrefix(key, exptypes.ExporterImageConfigKey)
		if !is {
			continue
		}
		config, err := withLabels(config, res.Metadata[exptypes.ExporterImageBaseConfigKey+rest], labels)
		if err != nil {
			return err
		}
		res.AddMeta(key, config)
		platform, err := keyPlatform(rest)
		if err != nil {
			return err
		}
		for name, value := range annotationLabels(config) {
			res.AddMeta(exptypes.AnnotationManifestKey(platform, name), []byte(value))
		}
	}
	return nil
}

// annotateIndex adds the labels, which are the same for all images of the index, as annotations of the index.
func annotateIndex(res *gateway.Result, labels map[string]string) {
	for name, value := range labels {
		res.AddMeta(exptypes.AnnotationIndexKey(name), []byte(value))
	}
}

// keyPlatform returns the platform at the end of a key of a result, or nil if there is none.
func keyPlatform(rest string) (*ocispecs.Platform, error) {
	name, is := strings.CutPrefix(rest, "/")
	if !is {
		return nil, nil
	}
	p, err := platforms.Parse(name)
	return &p, err
}
