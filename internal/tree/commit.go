package tree

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A Commit is where the files of the project come from.
type Commit struct {
	// Revision is the full hash; empty outside of a repository.
	Revision string
	// Dirty says that files differ from the commit, or are neither in it nor ignored.
	Dirty bool
	// Time is the time of the commit.
	Time time.Time
	// Source is the address of the repository "origin" for a browser, without credentials; empty if there is
	// none.
	Source string
	// Version is the version of a tag v1.2.3 of the commit, or that of project.toml; empty without either.
	Version string
}

// Commit asks git for the current commit. There is none outside of a repository, or in one without commits.
func (t *Tree) Commit(ctx context.Context) (c Commit, ok bool, err error) {
	head, err := t.git(ctx, "log", "-1", "--format=%H %ct", "--no-show-signature")
	if err != nil {
		if gitFailed(err) {
			err = nil // whatever its reason, there is no commit to be had
		}
		return c, false, err
	}
	revision, seconds, _ := strings.Cut(strings.TrimSpace(head), " ")
	at, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return c, false, fmt.Errorf("git log: %w", err)
	}
	c.Revision, c.Time = revision, time.Unix(at, 0).UTC()
	if c.Dirty, err = t.dirty(ctx); err != nil {
		return c, false, err
	}
	remote, err := t.git(ctx, "config", "--get", "remote.origin.url")
	if err != nil && !gitFailed(err) {
		return c, false, err
	}
	tags, err := t.git(ctx, "tag", "--points-at", "HEAD")
	if err != nil && !gitFailed(err) {
		return c, false, err
	}
	c.Source, c.Version = source(strings.TrimSpace(remote)), tagged(strings.Fields(tags))
	return c, true, nil
}

// scpAddress matches an address in the form of scp: git@example.com:team/shop.git.
var scpAddress = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:[^@/:]+@)?([^/:]+):([^/].*|/.+)$`)
})

// source returns the address of a repository for a browser, or "" if the repository is only on this machine.
func source(remote string) string {
	if m := scpAddress().FindStringSubmatch(remote); m != nil && !strings.Contains(remote, "://") &&
		len(m[1]) > 1 {
		remote = "ssh://" + m[1] + "/" + strings.TrimPrefix(m[2], "/")
	}
	u, err := url.Parse(remote)
	if err != nil || u.Host == "" {
		return ""
	}
	switch u.Scheme {
	case "http", "https":
	case "ssh", "git", "git+ssh", "ssh+git":
		u.Scheme, u.Host = "https", u.Hostname()
	default:
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return strings.TrimSuffix(strings.TrimSuffix(u.String(), "/"), ".git")
}

// release matches a tag that is a version: v1.2.3, 1.2.3-rc.1.
var release = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)$`)
})

// tagged returns the version of tags: a final one rather than a pre-release, and the last of several.
func tagged(tags []string) string {
	var found []string
	for _, tag := range tags {
		if m := release().FindStringSubmatch(tag); m != nil {
			found = append(found, m[1])
		}
	}
	slices.SortStableFunc(found, func(a, b string) int {
		return strings.Count(b, "-") - strings.Count(a, "-")
	})
	if len(found) == 0 {
		return ""
	}
	return found[len(found)-1]
}
