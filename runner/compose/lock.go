package compose

import (
	"bytes"
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/release"
	"github.com/davit-dev/davit/runner"
)

const (
	lockImage = store + "lock:1"
	lockLabel = "dev.davit.lock"
)

// patience is how often somebody may snatch a lock that has expired before us.
const patience = 5

// Lock keeps others out until the function that is returned is called, or until it expires. The lock is a container that is never
// started; its labels say whose it is.
func (t *Target) Lock(ctx context.Context, holder release.Holder, breakIt bool) (func(), *release.Holder, error) {
	if err := t.lockImage(ctx); err != nil {
		return nil, nil, err
	}
	var broken *release.Holder
	for range patience {
		id, err := t.take(ctx, holder)
		if err == nil {
			return t.unlock(ctx, id), broken, nil
		}
		if !errdefs.IsConflict(err) {
			return nil, broken, err
		}
		was, id, err := t.holder(ctx)
		if err != nil {
			return nil, broken, err
		}
		if was == nil {
			continue // it was given back in this moment
		}
		if !breakIt && was.Expires.After(t.Now()) {
			return nil, nil, &runner.Locked{Environment: t.Environment.Name, Holder: *was}
		}
		if broken, err = was, t.remove(ctx, id); err != nil {
			return nil, nil, err
		}
	}
	return nil, broken, impossible("davit status "+t.Environment.Name, "the lock of environment %q changes hands all the time", t.Environment.Name)
}

func (t *Target) lockName() string { return "davit-lock-" + t.project }

// take makes the container, by its name only one can.
func (t *Target) take(ctx context.Context, holder release.Holder) (string, error) {
	text, err := json.Marshal(holder)
	if err != nil {
		return "", err
	}
	r, err := t.engine.ContainerCreate(ctx, client.ContainerCreateOptions{Name: t.lockName(), Config: &container.Config{
		Image: lockImage, Cmd: []string{"lock"},
		Labels: map[string]string{lockLabel: string(text), projectLabel: t.Environment.Project, environmentLabel: t.Environment.Name},
	}})
	return r.ID, err
}

// holder is who has the lock, and the container that is it; nil for nobody.
func (t *Target) holder(ctx context.Context) (*release.Holder, string, error) {
	c, err := t.engine.ContainerInspect(ctx, t.lockName(), client.ContainerInspectOptions{})
	if errdefs.IsNotFound(err) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	h := &release.Holder{}
	if json.Unmarshal([]byte(c.Container.Config.Labels[lockLabel]), h) != nil {
		return nil, "", impossible("docker rm "+t.lockName(), "container %q has the name of the lock of environment %q and is none of davit's", t.lockName(), t.Environment.Name)
	}
	return h, c.Container.ID, nil
}

// unlock gives the lock back, also after Ctrl-C. By its id: it may have expired and be another's by now.
func (t *Target) unlock(ctx context.Context, id string) func() {
	return sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		t.remove(ctx, id)
	})
}

// remove removes a container and its anonymous volumes stay. That it is gone already is no error.
func (t *Target) remove(ctx context.Context, id string) error {
	_, err := t.engine.ContainerRemove(ctx, id, client.ContainerRemoveOptions{Force: true})
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

// lockImage makes the image that the container needs: a container has one even if it is never started.
func (t *Target) lockImage(ctx context.Context) error {
	if _, err := t.engine.ImageInspect(ctx, lockImage); !errdefs.IsNotFound(err) {
		return err
	}
	version, err := t.engine.ServerVersion(ctx, client.ServerVersionOptions{})
	if err != nil {
		return err
	}
	b, err := blank(lockImage, version.Arch)
	if err != nil {
		return err
	}
	return load(ctx, t.engine, bytes.NewReader(b))
}
