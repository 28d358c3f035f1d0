package compose

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A content is the text of a config or a secret.
type content struct {
	real, masked string
}

// hash returns a hash of the text. That of a config without a secret in it has no key, so anyone may compute
// it.
func (c content) hash(key []byte, secret bool) string {
	if secret || marked(c.masked) {
		return release.HMACSecret(key, c.real)
	}
	sum := sha256.Sum256([]byte(c.real))
	return "sha256:" + hex.EncodeToString(sum[:16])
}

// IsContent reports whether a text is the one that a hash of a config or a secret was made of. Without the key of a
// secret nobody can tell.
func IsContent(text, hash string, key []byte) bool {
	return release.IsSecret(hash) && len(key) == 0 || content{real: text}.hash(key, release.IsSecret(hash)) == hash
}

// contents reads the configs and secrets that services use.
func (s *source) contents(m *Model) (map[string]content, error) {
	all := map[string]content{}
	for _, name := range sorted(m.real.Configs) {
		real, err := s.contentOf("configs."+name, types.FileObjectConfig(m.real.Configs[name]), m.real)
		if err != nil && s.partial {
			continue
		}
		if err != nil {
			return nil, err
		}
		masked, err := s.contentOf("configs."+name, types.FileObjectConfig(m.masked.Configs[name]), m.masked)
		if err != nil {
			return nil, err
		}
		if !utf8.ValidString(real) {
			return nil, s.errorAt(
				"configs."+name, "its content is not text", "put the file into the image, or in a volume")
		}
		all["configs/"+name] = content{real, masked}
	}
	for _, name := range sorted(m.real.Secrets) {
		f := types.FileObjectConfig(m.real.Secrets[name])
		real, err := s.contentOf("secrets."+name, f, m.real)
		if (err != nil || real == "") && s.partial {
			continue
		}
		if err != nil || real == "" {
			return nil, s.unsetSecret(name, f, err)
		}
		all["secrets/"+name] = content{real, mark(name)}
	}
	return all, nil
}

// unsetSecret refuses a secret that has no value.
func (s *source) unsetSecret(name string, f types.FileObjectConfig, err error) error {
	if f.Environment != "" {
		return s.unsetError(f.Environment)
	}
	reason := fmt.Sprintf("file %q is empty", s.relative(f.File))
	if bad, ok := errors.AsType[*FileError](err); ok {
		reason = bad.Reason
	}
	return fault.Refusef("write the value into "+s.relative(f.File),
		"environment %s needs the secret %q of the Compose files, and %s; nothing was changed", s.env.Name, name, reason)
}

// contentOf returns the text of one config or secret.
func (s *source) contentOf(path string, f types.FileObjectConfig, p *types.Project) (string, error) {
	switch {
	case f.Environment != "":
		text, has := p.Environment[f.Environment]
		if !has {
			return "", s.errorAt(
				path+".environment", fmt.Sprintf("variable %q is not set", f.Environment),
				"set it, or name it in [secrets] of project.toml")
		}
		return text, nil
	case f.File != "":
		text, err := regular.Read(f.File, regular.Lock)
		if err != nil {
			return "", s.errorAt(
				path+".file", fmt.Sprintf("file %q cannot be read, %s", s.relative(f.File), fileReason(err)),
				"write the file: what it holds is mounted into containers")
		}
		return string(text), nil
	}
	return f.Content, nil
}
