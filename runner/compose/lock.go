package compose

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/self"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/compose/label"
)

const (
	lockImage = store + "lock:1"
	// heardFile is a file in the container of a lock; its time is when the holder was last there.
	heardFile = "heard"
)

const (
	// lease is how long a lock lasts of whose holder nothing is heard, and beat how often the holder says that it is there.
	lease = time.Minute
	beat  = lease / 4
	// patience is how often is looked again at a lock that somebody is about to take or to give back.
	patience = 100
)

// lock is one that this davit has: a container that is never started. Its name is one that an engine gives to one alone, its labels
// say whose it is, and as long as there is the container with this id, the lock is held.
type lock struct {
	t  *Target
	o  runner.LockOptions
	id string
}

// Lock keeps others out until the lease is given back, or is lost. A *Locked error says who is in.
func (t *Target) Lock(ctx context.Context, o runner.LockOptions) (*runner.Lease, error) {
	if err := t.lockImage(ctx); err != nil {
		return nil, err
	}
	var taken *runner.Taken
	for range patience {
		id, err := t.take(ctx, o)
		if err == nil {
			return (&lock{t, o, id}).lease(ctx, taken), nil
		}
		if !errdefs.IsConflict(err) {
			return nil, err
		}
		was, id, err := t.holder(ctx)
		if err != nil {
			return nil, err
		}
		if was == nil {
			if err := pause(ctx, glance); err != nil {
				return nil, err
			}
			continue
		}
		if taken, err = t.mayTake(ctx, *was, o.Break); err != nil {
			return nil, err
		}
		if err := t.remove(ctx, id); err != nil {
			return nil, err
		}
	}
	return nil, runner.Impossible("davit status "+t.Environment.Name, "the lock of environment %q changes hands all the time", t.Environment.Name)
}

// mayTake is why the lock of somebody may be taken. Otherwise the error says who that is.
func (t *Target) mayTake(ctx context.Context, was runner.Holder, breakIt bool) (*runner.Taken, error) {
	if was.Gone() {
		return &runner.Taken{Holder: was, Why: runner.Gone}, nil
	}
	now, err := t.clock(ctx)
	switch {
	case err != nil:
		return nil, err
	case !was.Expires.After(now):
		return &runner.Taken{Holder: was, Why: runner.Expired}, nil
	case breakIt:
		return &runner.Taken{Holder: was, Why: runner.Broken}, nil
	}
	return nil, &runner.Locked{Environment: t.Environment.Name, Holder: was}
}

// clock is the time of the engine. It is the same for all, where the clocks of those who deploy are not.
func (t *Target) clock(ctx context.Context) (time.Time, error) {
	i, err := t.engine.Info(ctx, client.InfoOptions{})
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339Nano, i.Info.SystemTime)
}

func (t *Target) lockName() string { return "davit-lock-" + t.project }

// take makes the container.
func (t *Target) take(ctx context.Context, o runner.LockOptions) (string, error) {
	now := t.Now()
	text, err := json.Marshal(runner.Holder{Owner: o.Owner, What: o.What, Process: self.Get(), Since: now, Expires: now.Add(lease)})
	if err != nil {
		return "", err
	}
	r, err := t.engine.ContainerCreate(ctx, client.ContainerCreateOptions{Name: t.lockName(), Config: &container.Config{
		Image: lockImage, Cmd: []string{"lock"},
		Labels: map[string]string{label.Lock: string(text), label.Project: t.Environment.Project, label.Environment: t.Environment.Name},
	}})
	return r.ID, err
}

// holder is who has the lock, and the container that is it; nil for nobody. Its times are in the clock of the engine, which has noted when
// it made the container.
func (t *Target) holder(ctx context.Context) (*runner.Holder, string, error) {
	c, err := t.engine.ContainerInspect(ctx, t.lockName(), client.ContainerInspectOptions{})
	if err != nil {
		return nil, "", gone(err)
	}
	h := &runner.Holder{}
	made, err := time.Parse(time.RFC3339Nano, c.Container.Created)
	if err != nil || json.Unmarshal([]byte(c.Container.Config.Labels[label.Lock]), h) != nil {
		return nil, "", runner.Impossible("docker rm "+t.lockName(), "container %q has the name of the lock of environment %q and is none of davit's", t.lockName(), t.Environment.Name)
	}
	lasts, heard := h.Expires.Sub(h.Since), h.Since
	if f, err := t.engine.ContainerStatPath(ctx, c.Container.ID, client.ContainerStatPathOptions{Path: "/" + heardFile}); err == nil {
		heard = f.Stat.Mtime
	} else if !errdefs.IsNotFound(err) {
		return nil, "", err
	}
	h.Heard = made.Add(heard.Sub(h.Since))
	h.Since, h.Expires = made, h.Heard.Add(lasts)
	return h, c.Container.ID, nil
}

// lease keeps the lock until it is given back or is somebody else's.
func (l *lock) lease(ctx context.Context, taken *runner.Taken) *runner.Lease {
	held, lose := context.WithCancelCause(context.WithoutCancel(ctx))
	var group sync.WaitGroup
	group.Go(func() { lose(l.keep(held)) })
	return &runner.Lease{Held: held, Taken: taken, Unlock: sync.OnceFunc(func() {
		lose(nil)
		group.Wait()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		l.t.remove(ctx, l.id) // by its id: the name may be another's by now
	})}
}

// keep says again and again that the holder is there. It ends when somebody else has the lock, or with the context.
func (l *lock) keep(ctx context.Context) error {
	for ctx.Err() == nil {
		l.watch(ctx)
		if ctx.Err() == nil && errdefs.IsNotFound(l.heard(ctx)) {
			if err := l.again(ctx); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// watch waits until it is time to be heard again, or the container is no more. A machine that slept is late: it looks at the clock on the
// wall.
func (l *lock) watch(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	wait, tick := l.t.engine.ContainerWait(ctx, l.id, client.ContainerWaitOptions{Condition: container.WaitConditionRemoved}), time.NewTicker(time.Second)
	defer tick.Stop()
	for due := time.Now().Round(0).Add(beat); time.Now().Round(0).Before(due); {
		select {
		case <-ctx.Done():
			return
		case <-wait.Result:
			if _, err := l.t.engine.ContainerInspect(ctx, l.id, client.ContainerInspectOptions{}); errdefs.IsNotFound(err) {
				return
			}
			wait.Result = nil // an engine that does not know what to wait for
		case <-wait.Error: // it restarts, perhaps
			wait.Error = nil
		case <-tick.C:
		}
	}
}

// heard tells the engine that the holder is there: an empty file in the container has the time.
func (l *lock) heard(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beat)
	defer cancel()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	w.WriteHeader(&tar.Header{Name: heardFile, Mode: 0o644, ModTime: l.t.Now(), Format: tar.FormatUSTAR})
	w.Close()
	_, err := l.t.engine.CopyToContainer(ctx, l.id, client.CopyToContainerOptions{DestinationPath: "/", Content: &b})
	return err
}

// again takes a lock again that somebody has removed and does not want, as "docker container prune" does. Who wants it makes it in this
// moment; then it is lost.
func (l *lock) again(ctx context.Context) error {
	for range 20 {
		if by, _, err := l.t.holder(ctx); err == nil && by != nil {
			return &runner.Lost{Environment: l.t.Environment.Name, By: *by}
		}
		if err := pause(ctx, glance); err != nil {
			return err
		}
	}
	id, err := l.t.take(ctx, l.o)
	if err == nil {
		l.id = id
	}
	return nil // if somebody was faster, the next round tells
}

// remove removes a container; its anonymous volumes stay. That it is gone already is no error.
func (t *Target) remove(ctx context.Context, id string) error {
	_, err := t.engine.ContainerRemove(ctx, id, client.ContainerRemoveOptions{Force: true})
	return gone(err)
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
