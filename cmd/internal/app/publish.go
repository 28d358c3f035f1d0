package app

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// addPublish adds "publish" to the plans of the providers whose "package" makes an image: pushing is the same
// for all of them. It reports whether the targets have to be resolved again. A provider's own "publish"
// stays.
func (l loader) addPublish() (changed bool) {
	if t, _ := l.Resolution.Find("publish"); len(t.Winners) > 0 {
		return false
	}
	t, _ := l.Resolution.Find("package")
	for _, w := range t.Winners {
		addPush(l.planOf(w.Provider), w.Provider, w.Steps)
		changed = true
	}
	return changed
}

// addPush adds a target "publish" to a plan, which pushes the images of some of its steps, or the reason why
// there is none.
func addPush(to *plan.Plan, provider string, steps []string) {
	if to.About == nil {
		to.About = map[string]plan.About{}
	}
	var images []string
	for _, id := range steps {
		if to.Steps[id].Op == plan.OpImage {
			images = append(images, id)
		}
	}
	if len(images) == 0 && to.About["publish"].Why == "" {
		to.About["publish"] = plan.About{Why: "its package is no image that davit knows of"}
	}
	if len(images) == 0 {
		return
	}
	for _, image := range images {
		id := pushOf(image, len(images))
		for _, taken := to.Steps[id]; taken; _, taken = to.Steps[id] {
			id += "-image"
		}
		to.Steps[id] = plan.Step{Op: plan.OpPush, Needs: []string{image}}
		to.Targets["publish"] = append(to.Targets["publish"], id)
	}
	to.About["publish"] = plan.About{Why: provider + " makes the image"}
}

// pushOf returns the id of the step that pushes an image: "publish", or "web/publish" for that of
// "web/package".
func pushOf(image string, images int) string {
	if images == 1 {
		return "publish"
	}
	return path.Join(path.Dir(image), strings.Replace(path.Base(image), packageTarget, "publish", 1))
}
