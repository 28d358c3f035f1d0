#[cfg(test)]
mod tests {
    #[test]
    fn a() {}
}
