module e2e
