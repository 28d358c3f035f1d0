run "setup" {
}
