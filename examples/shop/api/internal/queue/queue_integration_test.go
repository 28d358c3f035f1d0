//go:build integration

package queue

import (
	"context"
	"net"
	"os"
	"testing"

	"example.com/shop/api/internal/web"
)

// A job is put as the workers read it, and what is no receipt yet is no error.
func TestJobsInRedis(t *testing.T) {
	if os.Getenv("REDIS_HOST") == "" {
		t.Skip("REDIS_HOST does not say where Redis is")
	}
	port := os.Getenv("REDIS_PORT")
	if port == "" {
		port = "6379"
	}
	q, ctx := New(net.JoinHostPort(os.Getenv("REDIS_HOST"), port)), context.Background()
	defer q.Close()
	if err := q.Put(ctx, web.Order{ID: -1, Product: "rope", Amount: 3, Cents: 1200}); err != nil {
		t.Fatal(err)
	}
	want := `{"id":-1,"product":"rope","amount":3,"cents":1200}`
	if n, err := q.redis.LRem(ctx, "jobs", 0, want).Result(); err != nil || n != 1 {
		t.Errorf("removed %d of %s: %v", n, want, err)
	}
	if text, err := q.Receipt(ctx, -1); err != nil || text != "" {
		t.Errorf("got %q, %v", text, err)
	}
}
