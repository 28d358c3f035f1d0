package buildkit

import (
	"context"
	"maps"
	"strings"

	"github.com/opencontainers/go-digest"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// checkSigned refuses a step with an image that lacks a signature which is required. What has one is used by its digest.
func (r *Runner) checkSigned(ctx context.Context, s runner.Step) error {
	if r.o.SignedImage == nil {
		return nil
	}
	refs, err := r.imagesUsedBy(ctx, s)
	if err != nil {
		return err
	}
	for _, ref := range refs {
		if strings.Contains(ref, "@") || r.o.Pins[ref] != "" {
			if ref, err = r.pinned(ref); err == nil {
				_, err = r.o.SignedImage(ctx, ref)
			}
		} else {
			err = r.pinSigned(ctx, ref)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// pinSigned pins an image to the digest that has a signature, if one is required.
func (r *Runner) pinSigned(ctx context.Context, ref string) error {
	digest, err := r.o.SignedImage(ctx, ref)
	if err != nil || digest == "" {
		return err
	}
	pins := maps.Clone(r.o.Pins)
	if pins == nil {
		pins = map[string]string{}
	}
	pins[ref] = digest
	r.o.Pins = pins
	return nil
}

// imagesUsedBy returns the images that a step runs in, or is made from.
func (r *Runner) imagesUsedBy(ctx context.Context, s runner.Step) (refs []string, err error) {
	if s.Plan.Op != plan.OpImage {
		if s.Tool != nil && s.Tool.Image != "" {
			refs = append(refs, s.Tool.Image)
		}
		return refs, nil
	}
	refs, err = r.engine.Bases(ctx, r.o.Root, *s.Plan.Image)
	if r.o.Image.Scanner != "" {
		refs = append(refs, r.o.Image.Scanner)
	}
	return refs, err
}

// signed returns the reference of an image that a frontend asks for, with the digest that has a signature, if one is
// required.
func (c *checkedClient) signed(ctx context.Context, ref string) (string, error) {
	if c.signedImage == nil {
		return ref, nil
	}
	found, err := c.signedImage(ctx, ref)
	if err != nil || found == "" || strings.Contains(ref, "@") {
		return ref, err
	}
	return withDigest(ref, digest.Digest(found))
}
