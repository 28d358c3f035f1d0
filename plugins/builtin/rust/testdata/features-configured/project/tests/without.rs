#![cfg(not(feature = "tide"))]
#[test]
fn a() {}
