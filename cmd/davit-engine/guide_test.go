package main

import (
	"cmp"
	"crypto/rand"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/registrytest"
)

// TestGuide types the commands of docs/environments.md into a shell, in a copy of the shop, and compares what
// they print, except for names, times and addresses that differ each time.
func TestGuide(t *testing.T) {
	t.Parallel()
	enginetest.Docker(t)
	page := readTranscript(t, "../../docs/environments.md")
	project := "s" + strings.ToLower(rand.Text()[:3]) // as long as the real name, so that tables are as wide
	t.Cleanup(func() { tidy(project) })
	env := readerEnv(t)
	if !*update { // ports that nobody else on the machine has; the guide itself shows those of the shop
		env = append(env, "SHOP_PORT=0")
	}
	shop := reader{
		dir: exampleDir(t, "shop", `sed -i 's/^name = "shop"/name = "`+project+`"/' project.toml`, env), env: env,
		here: strings.NewReplacer("shop-", project+"-"), page: strings.NewReplacer(project, "shop"),
	}
	page.compare(t, page.blocks, shop.typeIn(t, slices.Concat(page.blocks...)))
}

// TestReadme types the commands of README.md into a shell, in a copy of the service of Go. Those of the first block need no
// container engine, and come after those of "make run".
func TestReadme(t *testing.T) {
	t.Parallel()
	page := readTranscript(t, "../../README.md")
	t.Run("host", func(t *testing.T) {
		service := goService(t, "")
		service.typeIn(t, commands("$ davit build test"))
		page.compare(t, page.blocks[:1], service.typeIn(t, page.blocks[0]))
	})
	t.Run("containers", func(t *testing.T) {
		service := goService(t, registrytest.Start(t, nil))
		t.Cleanup(func() { service.typeIn(t, commands("$ docker rmi go-service:$(git rev-parse --short=12 HEAD)")) })
		page.compare(t, page.blocks[1:], service.typeIn(t, slices.Concat(page.blocks[1:]...)))
	})
}

// goService returns a reader in a copy of the service of Go, whose sources no engine has seen; the registry is at an address.
func goService(t *testing.T, registry string) reader {
	t.Helper()
	env := readerEnv(t)
	return reader{
		dir: exampleDir(t, "go-service", "rm -rf bin; printf '\\n// "+rand.Text()+"\\n' >> internal/tide/tide.go", env), env: env,
		here: strings.NewReplacer("127.0.0.1:5000", registry), page: strings.NewReplacer(cmp.Or(registry, "\x00"), "127.0.0.1:5000"),
	}
}
