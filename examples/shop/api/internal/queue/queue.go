// Package queue gives orders to the workers through Redis, and finds the receipts that they write.
package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"example.com/shop/api/internal/web"
)

// Queue is a Redis. Jobs are a list, receipts a key each.
type Queue struct{ redis *redis.Client }

// New makes a queue of an address. It does not connect yet.
func New(address string) *Queue {
	return &Queue{redis.NewClient(&redis.Options{Addr: address})}
}

// Close closes all connections.
func (q *Queue) Close() error { return q.redis.Close() }

// Put adds the job of an order.
func (q *Queue) Put(ctx context.Context, o web.Order) error {
	job, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return q.redis.LPush(ctx, "jobs", job).Err()
}

// Receipt is what a worker has written for an order, or "".
func (q *Queue) Receipt(ctx context.Context, id int64) (string, error) {
	text, err := q.redis.Get(ctx, fmt.Sprintf("receipt:%d", id)).Result()
	if errors.Is(err, redis.Nil) {
		err = nil
	}
	return text, err
}
