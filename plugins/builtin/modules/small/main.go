// Command small is the built-in plugins of small stacks in one module, which a project of Go, Rust, Node or Python alone
// need not load. It plans for the plugin by whose name it is called.
package main

import (
	"github.com/davit-dev/davit/plugins/builtin/ansible"
	"github.com/davit-dev/davit/plugins/builtin/helm"
	"github.com/davit-dev/davit/plugins/builtin/hugo"
	"github.com/davit-dev/davit/plugins/builtin/jekyll"
	"github.com/davit-dev/davit/plugins/builtin/kustomize"
	"github.com/davit-dev/davit/plugins/builtin/maven"
	"github.com/davit-dev/davit/plugins/builtin/mkdocs"
	"github.com/davit-dev/davit/plugins/builtin/packer"
	"github.com/davit-dev/davit/plugins/builtin/sphinx"
	"github.com/davit-dev/davit/plugins/builtin/static"
	"github.com/davit-dev/davit/plugins/builtin/terraform"
	"github.com/davit-dev/davit/plugins/sdk"
)

func main() {
	sdk.MainOf(map[string]sdk.Func{
		"ansible":   ansible.Read,
		"helm":      helm.Read,
		"hugo":      hugo.Read,
		"jekyll":    jekyll.Read,
		"kustomize": kustomize.Read,
		"maven":     maven.Read,
		"mkdocs":    mkdocs.Read,
		"packer":    packer.Read,
		"sphinx":    sphinx.Read,
		"static":    static.Read,
		"terraform": terraform.Read,
	})
}
