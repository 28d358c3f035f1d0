#[test]
fn red() {}
