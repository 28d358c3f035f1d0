#[cfg(not(any(feature = "a", feature = "b")))]
compile_error!("choose a or b");
