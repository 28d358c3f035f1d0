#[cfg(feature = "moon")]
pub mod moon;
#[cfg(feature = "std")]
pub mod on;
#[cfg(all(windows, feature = "tide"))]
mod elsewhere;

#[cfg(all(test, feature = "tide"))]
mod tests {
    #[test]
    fn red() {}
}
