//! Bytes to text: which encoding, or which kind of file that is no text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// How many bytes are looked at to guess an encoding.
const SAMPLE: usize = 1 << 20;

/// First bytes of kinds of files that are no text, with what they are called.
const MAGIC: [(&[u8], &str); 20] = [
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a zip archive (as DOCX, ODT and XLSX files are)"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (DOC, XLS, PPT)"),
    (b"{\\rtf", "an RTF file"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound or film"),
    (b"SQLite format 3", "a database"),
];

/// The text of some bytes, or what kind of file they are if they are no text.
pub(super) fn decode(bytes: &[u8], html: bool) -> Result<String, &'static str> {
    if let Some((encoding, bom)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[bom..]);
        return checked(text.into_owned());
    }
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(what);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Err("a film");
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if memchr::memchr(0, sample).is_some() {
        let Some(encoding) = utf16(sample) else { return Err("a binary file") };
        return checked(encoding.decode_without_bom_handling(bytes).0.into_owned());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => return checked(text.to_owned()),
        Err(_) if mostly_utf8(sample) => return checked(String::from_utf8_lossy(bytes).into_owned()),
        Err(_) => {}
    }
    let declared = if html { declared_in_html(sample) } else { None };
    let encoding = declared.unwrap_or_else(|| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(sample, true);
        // The readers are Nordic: of two that fit, the Western European one.
        detector.guess(Some(b"se"), Utf8Detection::Deny)
    });
    checked(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// Text whose control characters are few enough for text.
fn checked(text: String) -> Result<String, &'static str> {
    let mut head = text.len().min(SAMPLE);
    while !text.is_char_boundary(head) {
        head -= 1;
    }
    let (mut all, mut odd) = (0usize, 0usize);
    for c in text[..head].chars() {
        all += 1;
        let control = c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}' | '\u{b}' | '\u{85}' | '\u{1b}');
        odd += usize::from(control || c == '\u{fffd}');
    }
    if odd * 20 > all || odd > 20 + all / 100 { Err("a binary file") } else { Ok(text) }
}

/// UTF-16 without a mark at its head: nearly every other byte is zero, on one side.
fn utf16(sample: &[u8]) -> Option<&'static Encoding> {
    let zeros = |from: usize| sample.iter().skip(from).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), sample.len() / 2);
    if odd * 10 >= half * 6 && even * 20 <= half {
        Some(UTF_16LE)
    } else if even * 10 >= half * 6 && odd * 20 <= half {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// UTF-8 with a few broken places.
fn mostly_utf8(sample: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 4
}

/// The encoding that a `<meta charset>` or an XML declaration names.
fn declared_in_html(sample: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&sample[..sample.len().min(2048)]).to_ascii_lowercase();
    let at = head.find("charset=").map(|n| n + 8).or_else(|| head.find("encoding=").map(|n| n + 9))?;
    let label: String = head[at..]
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    Encoding::for_label(label.as_bytes()).filter(|e| *e != UTF_8 && *e != UTF_16LE && *e != UTF_16BE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        let text = "Luleå och Jyväskylä samarbetar på många områden – ända sedan år 2014. Möten hålls i Göteborg.";
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let latin: Vec<u8> = text.chars().map(|c| if c == '–' { 0x96 } else { c as u32 as u8 }).collect();
        assert_eq!(decode(text.as_bytes(), false).unwrap(), text);
        assert_eq!(decode(&[b"\xef\xbb\xbf", text.as_bytes()].concat(), false).unwrap(), text);
        assert_eq!(decode(&utf16, false).unwrap(), text);
        assert_eq!(decode(&[&[0xff, 0xfe][..], &utf16].concat(), false).unwrap(), text);
        assert_eq!(decode(&latin, false).unwrap(), text);
        let html = b"<meta charset=\"iso-8859-1\"><p>Lule\xe5</p>";
        assert!(decode(html, true).unwrap().contains("Luleå"));
    }

    #[test]
    fn what_is_no_text_is_named() {
        assert_eq!(decode(b"%PDF-1.7 ...", false), Err("a PDF"));
        assert_eq!(decode(b"\x00\x01\x02\x03\x00\x05", false), Err("a binary file"));
        let noise: Vec<u8> = (0..4000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert_eq!(decode(&noise, false), Err("a binary file"));
    }
}
