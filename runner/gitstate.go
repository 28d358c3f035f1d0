package runner

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/tree"
)

// A gitState is what git has beside the files: hooks, what is checked out, and what is staged.
type gitState struct {
	hooks hookState
	head  tree.Head
	index stagedState
}

// A stagedState is git's index, and what identifies its file.
type stagedState struct {
	state   string
	content []byte
}

// gitState returns what git has now. The index is read again only if it is another file.
func (g *guard) gitState() gitState {
	s := gitState{hooks: hooksOf(g.files.tree), head: g.files.tree.Head()}
	state, settled := g.files.tree.IndexState(g.keeper.now())
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.index.content == nil || g.index.state != state || !settled {
		g.index = stagedState{state, g.files.tree.GitIndex()}
	}
	s.index = g.index
	return s
}

// A gitChange is what a step did to git, as parts of a sentence, and how to undo it.
type gitChange struct {
	did   []string
	hints []string
}

// changeOfGit compares what git has with an earlier state, but for the hooks. git is asked only if its index is another
// one.
func (g *guard) changeOfGit(ctx context.Context, before gitState) (c gitChange) {
	now := g.gitState()
	c.head(before.head, now.head)
	if now.index.state == before.index.state && bytes.Equal(now.index.content, before.index.content) {
		return c
	}
	names, staged, err := g.files.tree.Restaged(ctx, before.index.content)
	if err != nil || len(names) == 0 {
		return c // only times differ, or git does not say
	}
	c.did = append(c.did, "changed what is staged of "+abbreviate(names))
	clean := slices.DeleteFunc(names, func(name string) bool { return slices.Contains(staged, name) })
	if len(clean) > 0 && before.head == now.head {
		c.hints = append(c.hints, "git restore --staged "+Quote(clean[:min(len(clean), maxNamed)])+" takes that out of the index")
	}
	return c
}

// head adds what happened to that which is checked out.
func (c *gitChange) head(before, now tree.Head) {
	switch {
	case before == now:
	case before.Branch == "" && now.Branch == "", before.Branch == now.Branch:
		c.did = append(c.did, fmt.Sprintf("moved %s from %s to %s", refName(now), shortCommit(before.Commit), shortCommit(now.Commit)))
		if before.Commit != "" {
			c.hints = append(c.hints, "git reset --soft "+shortCommit(before.Commit)+" moves it back")
		}
	case before.Branch == "":
		c.did = append(c.did, "switched git to "+refName(now))
		c.hints = append(c.hints, "git switch --detach "+shortCommit(before.Commit)+" goes back")
	default:
		c.did = append(c.did, "switched git from "+refName(before)+" to "+refName(now))
		c.hints = append(c.hints, "git switch "+Quote([]string{before.Branch})+" goes back")
	}
}

// refName returns what is checked out as a message names it.
func refName(h tree.Head) string {
	if h.Branch != "" {
		return "the branch " + h.Branch
	}
	return "HEAD"
}

// shortCommit returns the beginning of the hash of a commit.
func shortCommit(hash string) string {
	if hash == "" {
		return "no commit"
	}
	return hash[:min(len(hash), 12)]
}

// hint returns how to undo the change.
func (c gitChange) hint() string { return strings.Join(c.hints, "; ") }
