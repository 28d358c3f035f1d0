package app

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// imageNames names the images of the project.
type imageNames struct{ *Project }

// imageName returns the name of the image of a step. The only image of "package" has the name of the project.
// Of several, each has the name of its folder too, as every other image has: otherwise they would take the
// name from each other.
func (n imageNames) imageName(provider, id string) string {
	packaged := n.packagedImages()
	key := provider + ":" + id
	if len(packaged) == 1 && packaged[0] == key {
		return n.Name
	}
	part := n.imagePart(key)
	alike := func(other string) bool { return other != key && n.imagePart(other) == part }
	if slices.Contains(packaged, key) && slices.ContainsFunc(packaged, alike) {
		part = strings.TrimPrefix(part+"-"+provider, "-")
	}
	return strings.TrimSuffix(n.Name+"-"+part, "-")
}

// packagedImages returns the steps of "package" that make images, "provider:id".
func (n imageNames) packagedImages() (all []string) {
	t, _ := n.Resolution.Find(packageTarget)
	for _, w := range t.Winners {
		for _, id := range w.Steps {
			if n.planOf(w.Provider).Steps[id].Op == plan.OpImage {
				all = append(all, w.Provider+":"+id)
			}
		}
	}
	return all
}

// imagePart returns what distinguishes an image from the others of the project: a part of its target,
// "package-api", or else its folder.
func (n imageNames) imagePart(key string) string {
	provider, id, _ := strings.Cut(key, ":")
	folder, name := path.Split(id)
	if part, ok := strings.CutPrefix(name, packageTarget+"-"); ok {
		return part
	}
	steps := n.planOf(provider).Steps
	if needs := steps[id].Needs; folder == "" && len(needs) > 0 {
		folder = steps[needs[0]].Dir
	}
	return strings.ReplaceAll(strings.Trim(path.Clean(folder), "./"), "/", "-")
}
