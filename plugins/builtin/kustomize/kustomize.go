// Package kustomize is the davit plugin for Kustomize: each kustomization that can be built alone is built. Nothing is
// applied to a cluster.
package kustomize

import (
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

var manifests = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

// Read plans the kustomizations of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "kustomize", Title: "Kustomize", Manifests: manifests,
		Supports: []string{"kustomize"},
		Refuses: func(u *stack.Unit) string {
			if yaml.Parse(u.Text(u.FirstOf(manifests...))).Get("kind").Text() == "Component" {
				return "a component is built with what includes it"
			}
			return ""
		},
		Tool: plan.Tool{Check: []string{"kustomize", "version"}, Image: "registry.k8s.io/kustomize/kustomize:v5.4.3",
			Install: "see https://kubectl.docs.kubernetes.io/installation/kustomize"},
		Plan: plans,
		Absent: map[string]string{
			"build":            "what Kustomize builds is printed, and not kept; test builds it",
			"style":            "Kustomize has no linter",
			"test-functional":  "tests need a cluster",
			"test-integration": "tests need a cluster",
			"run":              "there is no program",
			"package":          "there is no program",
			"deploy":           "davit does not apply manifests: kubectl apply -k does",
		},
	})
}

func plans(u *stack.Unit) error {
	command := "kustomize build ."
	if u.Runs("kustomize", "LoadRestrictionsNone") || u.Runs("kustomize", "--load-restrictor=LoadRestrictionsNone") {
		command += " --load-restrictor LoadRestrictionsNone"
	}
	if strings.Contains(u.Text(u.FirstOf(manifests...)), "helmCharts:") {
		command += " --enable-helm"
	}
	s := stack.Shell("# "+command, command+" >/dev/null")
	s.NoCache, s.NoCacheWhy = true, "a kustomization may name resources in other places"
	u.Add("test-unit", s, "kustomize build of each kustomization")
	return nil
}
