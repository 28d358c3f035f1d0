package pluginstest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// waiting is a target whose step ends when both modules of plugins are compiled, or after a minute.
const waiting = `[targets.warm]
run = '''
n=0
while [ $n -lt 600 ] && [ $(ls "$DAVIT_CACHE"/plugins/compiled/*/*.json 2>/dev/null | wc -l) -lt 2 ]; do
  sleep 0.1
  n=$((n + 1))
done
[ $n -lt 600 ]
'''
`

// Warm makes a davit that is not the binary of the test compile the built-in plugins into a new cache, which it
// does beside a step. It returns the folder with the compiled plugins.
func Warm(davit, store string) (compiled string, err error) {
	dir, err := os.MkdirTemp("", "davit-plugins-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	for name, text := range map[string]string{"project.toml": waiting, "go.mod": "module example.com/warm\n\ngo 1.24\n",
		"package.json": "{}"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	c := exec.Command(davit, "--on", "host", "warm")
	c.Dir, c.Env = dir, append(os.Environ(), "DAVIT_CACHE="+store)
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("davit warm: %w: %s", err, out)
	}
	return filepath.Join(store, "plugins", "compiled"), nil
}

// Share makes a folder of compiled plugins that of a new cache.
func Share(compiled, store string) error {
	dir := filepath.Join(store, "plugins")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.Symlink(compiled, filepath.Join(dir, "compiled"))
}
