#![cfg(feature = "std")]
#[test]
fn a() {}
