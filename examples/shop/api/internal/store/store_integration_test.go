//go:build integration

package store

import (
	"context"
	"errors"
	"os"
	"testing"

	"example.com/shop/api/internal/config"
	"example.com/shop/api/internal/web"
)

// The tables are made once, however often the migrations run, and orders are there afterwards.
func TestOrdersInTheDatabase(t *testing.T) {
	if os.Getenv("POSTGRES_HOST") == "" {
		t.Skip("POSTGRES_HOST does not say where PostgreSQL is")
	}
	c, err := config.Read(os.Getenv, os.ReadFile)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(c.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	for range 2 {
		if err := s.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if all, err := s.Products(ctx); err != nil || len(all) != 3 {
		t.Fatalf("got %v, %v", all, err)
	}
	made, err := s.Add(ctx, "rope", 3)
	if err != nil {
		t.Fatal(err)
	}
	if found, err := s.Order(ctx, made.ID); err != nil || found != made || found.Cents != 1200 {
		t.Errorf("got %+v, %v, wanted %+v", found, err, made)
	}
	if _, err := s.Add(ctx, "whale", 1); !errors.Is(err, web.ErrNone) {
		t.Errorf("got %v", err)
	}
}
