//! Converts the speeds of ships.

/// A unit of speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    /// Kilometres an hour.
    Kmh,
    /// Metres a second.
    Ms,
}

impl std::str::FromStr for Unit {
    type Err = String;

    fn from_str(name: &str) -> Result<Unit, String> {
        match name {
            "kmh" => Ok(Unit::Kmh),
            "ms" => Ok(Unit::Ms),
            _ => Err(format!("unknown unit {name:?}; known are kmh, ms")),
        }
    }
}

/// Converts knots.
///
/// ```
/// assert_eq!(knots::convert(10.0, knots::Unit::Kmh), 18.52);
/// ```
pub fn convert(knots: f64, to: Unit) -> f64 {
    let kmh = knots * 1.852;
    match to {
        Unit::Kmh => kmh,
        Unit::Ms => kmh / 3.6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_to_metres_a_second() {
        assert!((convert(3.6, Unit::Ms) - 1.852).abs() < 1e-9);
    }

    #[test]
    fn refuses_an_unknown_unit() {
        assert_eq!(
            "mph".parse::<Unit>(),
            Err("unknown unit \"mph\"; known are kmh, ms".to_string())
        );
    }
}
