//! knots SPEED [UNIT] prints a speed in knots in another unit, kilometres an hour by default.

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match answer(&args) {
        Ok(speed) => {
            println!("{speed}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn answer(args: &[String]) -> Result<f64, String> {
    let (speed, unit) = match args {
        [speed] => (speed, "kmh"),
        [speed, unit] => (speed, unit.as_str()),
        _ => return Err("usage: knots SPEED [kmh|ms]".to_string()),
    };
    let knots: f64 = speed
        .parse()
        .map_err(|_| format!("{speed:?} is not a number"))?;
    Ok(knots::convert(knots, unit.parse()?))
}
