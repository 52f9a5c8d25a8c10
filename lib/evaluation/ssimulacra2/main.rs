//! Scores pairs of images by SSIMULACRA 2.
//!
//! Standard input holds one pair after the other: width and height as 32-bit
//! little-endian numbers, then the 8-bit sRGB values of the original and those
//! of the distorted image. Each score is a line of standard output.

use ssimulacra2::{compute_frame_ssimulacra2, ColorPrimaries, Rgb, TransferCharacteristic};
use std::io::{self, ErrorKind, Read, Write};

fn read_image(input: &mut impl Read, width: usize, height: usize) -> io::Result<Rgb> {
    let mut bytes = vec![0; width * height * 3];
    input.read_exact(&mut bytes)?;
    let value = |i: usize| f32::from(bytes[i]) / 255.0;
    let pixels = (0..width * height)
        .map(|i| [value(3 * i), value(3 * i + 1), value(3 * i + 2)])
        .collect();
    Rgb::new(
        pixels,
        width,
        height,
        TransferCharacteristic::SRGB,
        ColorPrimaries::BT709,
    )
    .map_err(|error| io::Error::new(ErrorKind::InvalidData, error.to_string()))
}

fn main() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    let mut size = [0; 8];
    while input.read_exact(&mut size).is_ok() {
        let side = |at: usize| u32::from_le_bytes(size[at..at + 4].try_into().unwrap()) as usize;
        let (width, height) = (side(0), side(4));
        let original = read_image(&mut input, width, height)?;
        let distorted = read_image(&mut input, width, height)?;
        let score = compute_frame_ssimulacra2(original, distorted)
            .map_err(|error| io::Error::new(ErrorKind::InvalidData, error.to_string()))?;
        writeln!(output, "{score}")?;
        output.flush()?;
    }
    Ok(())
}
