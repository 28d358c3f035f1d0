#![cfg(feature = "tide")]
#[test]
fn a() {}
