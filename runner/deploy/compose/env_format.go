package compose

import (
	"bytes"
	"io"
	"strings"
	"sync"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/docker/cli/pkg/kvfile"
)

// registerRaw makes compose-go read {path: FILE, format: raw} of env_file as docker compose does: lines NAME=VALUE, as
// for docker run --env-file, without quotes and variables.
var registerRaw = sync.OnceFunc(func() {
	dotenv.RegisterFormat("raw", func(
		r io.Reader, file string, vars map[string]string, lookup func(string) (string, bool),
	) error {
		text, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		lines, err := kvfile.ParseFromReader(bytes.NewReader(text), lookup)
		if err != nil {
			return rawFault(file, string(text))
		}
		for _, line := range lines {
			name, value, _ := strings.Cut(line, "=")
			vars[name] = value
		}
		return nil
	})
})
