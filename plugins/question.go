package plugins

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"io"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

// A question is all that an answer depends on, except for the files.
type question struct {
	*Module
	tree    *tree.Tree
	request plan.Request
	env     []string
	key     [sha256.Size]byte
}

func (h *Host) question(m *Module, t *tree.Tree, r plan.Request, env []string) *question {
	r.Files = nil
	q := &question{Module: m, tree: t, request: r, env: grantedEnv(env, m.Manifest.Permissions.Env)}
	q.key = q.hash()
	return q
}

// grantedEnv returns the granted variables that the plugin asks for, in the order of its manifest.
func grantedEnv(env, names []string) (out []string) {
	for _, name := range names {
		if value, set := environ.Lookup(env, name); set && !strings.Contains(value, "\x00") {
			out = append(out, name+"="+value)
		}
	}
	return out
}

// hash returns the key of the memo. It covers the folder, so two checkouts of a project do not replace each
// other's entry.
func (q *question) hash() [sha256.Size]byte {
	request, err := json.Marshal(q.request)
	if err != nil {
		// the configuration is not JSON; running the plugin fails with the same error
		request = []byte(err.Error())
	}
	h := sha256.New()
	parts := []string{"davit plan 1", q.Digest, q.Manifest.Name, q.tree.Dir(), string(request)}
	for _, list := range [][]string{parts, q.env, q.tree.Hidden()} {
		h.Write(binary.AppendUvarint(nil, uint64(len(list))))
		for _, part := range list {
			h.Write(binary.AppendUvarint(nil, uint64(len(part))))
			io.WriteString(h, part)
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// readHead reads at most n bytes of a file.
func readHead(seen *tree.Recorder, name string, n int64) ([]byte, bool) {
	f, err := seen.Open(name)
	if err != nil {
		return nil, false
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, n))
	return data, err == nil
}
