module github.com/acme/empty
