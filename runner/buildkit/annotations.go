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

// annotations say where an image comes from, in the words of the OCI. They are a function of the commit: a clock, a user or a machine
// in them would make each image another one. Revision and version of a dirty tree say that it is dirty.
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

// markDirty marks a name for what is not quite what it names.
func markDirty(name string, dirty bool) string {
	if name == "" || !dirty || strings.HasSuffix(name, "-dirty") {
		return name
	}
	return name + "-dirty"
}

// creationTime is the time of an image and of all files in it: that of the commit, and the epoch where there is none.
func creationTime(c tree.Commit) time.Time {
	if c.Time.IsZero() {
		return time.Unix(0, 0).UTC()
	}
	return c.Time.UTC().Truncate(time.Second)
}

// epoch is created as SOURCE_DATE_EPOCH has it.
func epoch(c tree.Commit) string { return strconv.FormatInt(creationTime(c).Unix(), 10) }

// annotationPrefix is what the keys of such annotations begin with.
const annotationPrefix = "org.opencontainers.image."

// withLabels adds labels to the configuration of an image. One that its Dockerfile sets stays; one that it has from its base says
// where the base comes from, and goes.
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
		if inherited, ok := baseConfig.Config.Labels[key]; !ok || inherited != value || !strings.HasPrefix(key, annotationPrefix) {
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

// annotationLabels are the annotations among the labels of an image.
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

// annotate gives each image of a result the labels, and its manifest the same as annotations.
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

// annotateIndex says of the index what is true of all images in it.
func annotateIndex(res *gateway.Result, labels map[string]string) {
	for name, value := range labels {
		res.AddMeta(exptypes.AnnotationIndexKey(name), []byte(value))
	}
}

// keyPlatform is the platform that a key of a result ends with; nil where it ends with none.
func keyPlatform(rest string) (*ocispecs.Platform, error) {
	name, is := strings.CutPrefix(rest, "/")
	if !is {
		return nil, nil
	}
	p, err := platforms.Parse(name)
	return &p, err
}
