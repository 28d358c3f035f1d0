// The moon.
#![cfg(all(
    feature = "moon",
    unix
))]

#[test]
fn a() {}
