package deploy

import "context"

// Reach asks the engine of an environment whether it answers, and returns what it is: "the engine of this machine", or
// its address.
func (e *Environments) Reach(ctx context.Context, environment string) (engine string, err error) {
	err = e.withSession(ctx, environment, func(s *session) error {
		engine = s.Engine
		_, err := s.backend.Holder(ctx)
		return err
	})
	if engine == "" {
		engine = "the engine of this machine"
	}
	return engine, err
}
