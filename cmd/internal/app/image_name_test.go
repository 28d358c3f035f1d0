package app

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/plugins/plan"
)

// made is a project of the name shop with the images of plugins: "go:package node:web/package<lib/build".
// What is behind "<" is the folder of a step that the image is made of. Those whose name is not "package" are
// targets of their own.
func made(t *testing.T, images string) *Project {
	t.Helper()
	p := &Project{Name: "shop"}
	offers := map[string]*plan.Plan{}
	for _, text := range strings.Fields(images) {
		provider, rest, _ := strings.Cut(text, ":")
		id, folder, built := strings.Cut(rest, "<")
		if offers[provider] == nil {
			offers[provider] = &plan.Plan{Steps: map[string]plan.Step{}, Targets: map[string][]string{},
				About: map[string]plan.About{}}
			p.Offers = append(p.Offers, conventions.Offer{Provider: provider, Authority: "inferred",
				Plan: offers[provider]})
		}
		s := plan.Step{Op: plan.OpImage, Image: &plan.Image{Base: "scratch"}}
		if built {
			offers[provider].Steps["build@"+folder] = plan.Step{Op: plan.OpExec, Argv: []string{"true"},
				Dir: folder}
			s.Needs = []string{"build@" + folder}
		}
		offers[provider].Steps[id] = s
		target := "package"
		if strings.HasPrefix(id, "package-") {
			target = id
		}
		offers[provider].Targets[target] = append(offers[provider].Targets[target], id)
	}
	var err error
	if p.convention, err = conventions.Load("gazr@1"); err != nil {
		t.Fatal(err)
	}
	(loader{p}).resolve()
	return p
}

func TestImagesOfAProjectHaveNamesOfTheirOwn(t *testing.T) {
	for images, want := range map[string]string{
		"go:package":         "shop",
		"go:package<backend": "shop",
		"node:web/package":   "shop",
		"docker:package-dev": "shop-dev",
		"go:package<api node:web/package python:jobs/mail/package": "shop-api shop-web shop-jobs-mail",
		"node:web/package node:admin/package":                      "shop-web shop-admin",
		"go:package node:web/package":                              "shop shop-web",
		"go:package rust:package":                                  "shop-go shop-rust",
		"go:package<api rust:package<api":                          "shop-api-go shop-api-rust",
		"docker:package docker:package-debug":                      "shop shop-debug",
	} {
		t.Run(images, func(t *testing.T) {
			p := made(t, images)
			var names []string
			for _, text := range strings.Fields(images) {
				provider, id, _ := strings.Cut(text, ":")
				id, _, _ = strings.Cut(id, "<")
				names = append(names, imageNames{p}.imageName(provider, id))
			}
			if got := strings.Join(names, " "); got != want {
				t.Errorf("%s, wanted %s", got, want)
			}
		})
	}
}

func TestEachImageIsPushedByAStepOfItsOwn(t *testing.T) {
	p := made(t, "node:web/package node:admin/package go:package")
	published, _ := p.Resolution.Find("publish")
	for _, w := range published.Winners {
		for _, id := range w.Steps {
			image := p.planOf(w.Provider).Steps[id].Needs[0]
			if want := strings.Replace(image, "package", "publish", 1); id != want {
				t.Errorf("%s:%s pushes %s", w.Provider, id, image)
			}
		}
	}
	if n := len(published.Winners); n != 2 {
		t.Errorf("%d publish", n)
	}
}
