// Command small is the built-in plugins of small stacks in one module, which a project of Go, Rust, Node or Python alone
// need not load. It plans for the plugin by whose name it is called.
package main

import (
	"github.com/davit-dev/davit/plugins/builtin/ansible"
	"github.com/davit-dev/davit/plugins/builtin/autotools"
	"github.com/davit-dev/davit/plugins/builtin/clojure"
	"github.com/davit-dev/davit/plugins/builtin/cmake"
	"github.com/davit-dev/davit/plugins/builtin/dart"
	"github.com/davit-dev/davit/plugins/builtin/deno"
	"github.com/davit-dev/davit/plugins/builtin/elixir"
	"github.com/davit-dev/davit/plugins/builtin/gradle"
	"github.com/davit-dev/davit/plugins/builtin/haskell"
	"github.com/davit-dev/davit/plugins/builtin/helm"
	"github.com/davit-dev/davit/plugins/builtin/hugo"
	"github.com/davit-dev/davit/plugins/builtin/jekyll"
	"github.com/davit-dev/davit/plugins/builtin/kustomize"
	"github.com/davit-dev/davit/plugins/builtin/lua"
	"github.com/davit-dev/davit/plugins/builtin/maven"
	"github.com/davit-dev/davit/plugins/builtin/meson"
	"github.com/davit-dev/davit/plugins/builtin/mkdocs"
	"github.com/davit-dev/davit/plugins/builtin/packer"
	"github.com/davit-dev/davit/plugins/builtin/perl"
	"github.com/davit-dev/davit/plugins/builtin/php"
	"github.com/davit-dev/davit/plugins/builtin/ruby"
	"github.com/davit-dev/davit/plugins/builtin/shell"
	"github.com/davit-dev/davit/plugins/builtin/sphinx"
	"github.com/davit-dev/davit/plugins/builtin/static"
	"github.com/davit-dev/davit/plugins/builtin/swift"
	"github.com/davit-dev/davit/plugins/builtin/terraform"
	"github.com/davit-dev/davit/plugins/builtin/zig"
	"github.com/davit-dev/davit/plugins/sdk"
)

func main() {
	sdk.MainOf(map[string]sdk.Func{
		"ansible":   ansible.Read,
		"autotools": autotools.Read,
		"clojure":   clojure.Read,
		"cmake":     cmake.Read,
		"dart":      dart.Read,
		"deno":      deno.Read,
		"elixir":    elixir.Read,
		"gradle":    gradle.Read,
		"haskell":   haskell.Read,
		"helm":      helm.Read,
		"hugo":      hugo.Read,
		"jekyll":    jekyll.Read,
		"kustomize": kustomize.Read,
		"lua":       lua.Read,
		"maven":     maven.Read,
		"meson":     meson.Read,
		"mkdocs":    mkdocs.Read,
		"packer":    packer.Read,
		"perl":      perl.Read,
		"php":       php.Read,
		"ruby":      ruby.Read,
		"shell":     shell.Read,
		"sphinx":    sphinx.Read,
		"static":    static.Read,
		"swift":     swift.Read,
		"terraform": terraform.Read,
		"zig":       zig.Read,
	})
}
