package runner

import (
	"context"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner/trace"
)

// A Finding is an access that the plan and the key of a step do not cover.
type Finding struct {
	trace.Access
	// Why says why not.
	Why string `json:"why"`
}

// Findings are what a trace shows about one step.
type Findings struct {
	// Read is what the step looked at and what no key covers: a change of it would go unnoticed.
	Read []Finding `json:"read,omitempty"`
	// Written is what it changed and did not declare: a cached result does not bring it back.
	Written []Finding `json:"written,omitempty"`
	// Covered is the number of all other accesses.
	Covered int `json:"covered"`
	// Gaps say what could not be seen.
	Gaps []string `json:"gaps,omitempty"`
}

// Any reports whether something is not covered.
func (f Findings) Any() bool { return len(f.Read)+len(f.Written) > 0 }

// Judge returns what a trace of a step shows.
func Judge(ctx context.Context, c *Coverage, s Step, t trace.Trace) (f Findings, err error) {
	verdicts, err := c.Judge(ctx, s, t.Accesses)
	if err != nil {
		return f, err
	}
	f.Gaps = t.Gaps
	for i, v := range verdicts {
		switch a := folded(t.Accesses[i]); {
		case v.Covered:
			f.Covered++
		case a.Kind.Changes():
			f.Written = appendNew(f.Written, Finding{a, v.Why})
		default:
			f.Read = appendNew(f.Read, Finding{a, v.Why})
		}
	}
	return f, nil
}

// folded returns an access below a folder ".git" as one to that folder: what is in there is one thing to a
// reader.
func folded(a trace.Access) trace.Access {
	if repository, _, ok := strings.Cut(a.Path, "/.git/"); ok {
		a.Path = repository + "/.git"
	}
	return a
}

// appendNew appends a finding that is not among the others.
func appendNew(all []Finding, f Finding) []Finding {
	same := func(other Finding) bool { return other.Path == f.Path && other.Kind == f.Kind }
	if strings.HasSuffix(f.Path, "/.git") && slices.ContainsFunc(all, same) {
		return all
	}
	return append(all, f)
}
