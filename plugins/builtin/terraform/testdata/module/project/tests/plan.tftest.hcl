run "names" {
  command = plan
}
