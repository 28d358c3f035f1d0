//! The program as its users call it.

use std::process::Command;

fn knots(args: &[&str]) -> (Option<i32>, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_knots"))
        .args(args)
        .output()
        .expect("knots starts");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (out.status.code(), text(out.stdout), text(out.stderr))
}

#[test]
fn prints_kilometres_an_hour_by_default() {
    assert_eq!(knots(&["12"]), (Some(0), "22.224\n".into(), "".into()));
}

#[test]
fn exits_2_with_a_message() {
    let (code, out, err) = knots(&["fast"]);
    assert_eq!(
        (code, out.as_str(), err.as_str()),
        (Some(2), "", "error: \"fast\" is not a number\n")
    );
}
