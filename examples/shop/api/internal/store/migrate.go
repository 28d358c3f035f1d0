package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate applies what has not been applied yet, in the order of the names, all of it or nothing. Of two at once, one waits.
func (s *Store) Migrate(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(7); CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY)"); err != nil {
		return err
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		done, err := tx.ExecContext(ctx, "INSERT INTO migrations VALUES ($1) ON CONFLICT DO NOTHING", name)
		if err != nil {
			return err
		}
		if rows, err := done.RowsAffected(); err != nil || rows == 0 {
			continue // it has been applied before
		}
		text, err := migrations.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, string(text)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		slog.Info("applied", "migration", name)
	}
	return tx.Commit()
}
