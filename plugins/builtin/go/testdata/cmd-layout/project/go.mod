module github.com/acme/shop

go 1.25.0

toolchain go1.25.4

require github.com/go-chi/chi/v5 v5.2.1
