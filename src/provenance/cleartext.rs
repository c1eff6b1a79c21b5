//! A text with its signature around it (RFC 9580, section 7). What is outside of the signed text is refused, not skipped: nothing there is
//! vouched for, and whoever reads the file would take it for part of what is.

use crate::error::Problem;

use super::MAX_SIZE;

const BEGIN: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";
const END: &str = "-----END PGP SIGNATURE-----";
/// The hashes that the header may name; the signature says which it is.
const HASHES: [&str; 6] = ["SHA256", "SHA384", "SHA512", "SHA3-256", "SHA3-512", "SHA224"];

/// A text and what signs it, neither of them checked.
#[derive(Debug, PartialEq, Eq)]
pub struct Cleartext {
    /// The text as it is signed: lines without blanks at their end, and `\r\n` between them.
    pub text: String,
    /// The armored signature.
    pub signature: String,
}

impl Cleartext {
    /// Takes a file apart.
    ///
    /// # Errors
    /// When the file is anything but one signed text, from its first line to its last.
    pub fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        if bytes.len() > MAX_SIZE {
            return Err(Problem::new(format!("it is larger than {MAX_SIZE} bytes (1 MiB)")));
        }
        let file = str::from_utf8(bytes).map_err(|_| Problem::new("it is no text in UTF-8"))?;
        let mut lines = file.split('\n').map(|line| line.trim_end_matches([' ', '\t', '\r']));
        if lines.next() != Some(BEGIN) {
            return Err(Problem::new("it does not begin with a signed text"));
        }
        // The headers name the hash, which the signature does, too.
        for line in lines.by_ref() {
            let Some((key, names)) = line.split_once(": ") else {
                if line.is_empty() {
                    break;
                }
                return Err(Problem::new("the signed text has a header that is none"));
            };
            if key != "Hash" || !names.split(',').all(|name| HASHES.contains(&name.trim())) {
                return Err(Problem::new("the signed text has a header other than `Hash`"));
            }
        }
        let mut text = Vec::new();
        let mut line = next(&mut lines)?;
        while line != SIGNATURE {
            let own = line.strip_prefix("- ").unwrap_or(line);
            if own.contains('\r') || (own.len() == line.len() && line.starts_with('-')) {
                return Err(Problem::new("the signed text has a line that cannot stand in one"));
            }
            text.push(own);
            line = next(&mut lines)?;
        }
        let mut signature = format!("{SIGNATURE}\n");
        while line != END {
            line = next(&mut lines)?;
            signature.extend([line, "\n"]);
        }
        if lines.any(|line| !line.is_empty()) {
            return Err(Problem::new(
                "something stands after the signature, which signs none of it",
            ));
        }
        Ok(Self { text: text.join("\r\n"), signature })
    }

    /// The file of a text that ends in no line break, and its armored signature.
    pub fn write(text: &str, hash: &str, signature: &str) -> String {
        let mut file = format!("{BEGIN}\nHash: {hash}\n\n");
        for line in text.split('\n') {
            let escape = if line.starts_with('-') { "- " } else { "" };
            file.extend([escape, line, "\n"]);
        }
        file + signature
    }
}

fn next<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Result<&'a str, Problem> {
    lines.next().ok_or_else(|| Problem::new("it breaks off"))
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, Cleartext, END, SIGNATURE};
    use crate::provenance::MAX_SIZE;

    fn refusal(file: &str) -> String {
        Cleartext::parse(file.as_bytes()).unwrap_err().message
    }

    #[test]
    fn reads_what_it_writes() {
        let signature = format!("{SIGNATURE}\n\nabc=\n{END}\n");
        let file = Cleartext::write("a\n- b\n\n-----c", "SHA512", &signature);
        assert!(file.contains("\n- - b\n\n- -----c\n"), "{file}");
        let read = Cleartext::parse(file.as_bytes()).unwrap();
        let text = "a\r\n- b\r\n\r\n-----c".to_owned();
        assert_eq!(read, Cleartext { text, signature });
        let windows = file.replace('\n', " \r\n");
        assert_eq!(Cleartext::parse(windows.as_bytes()).unwrap(), read);
    }

    #[test]
    fn refuses_what_is_outside_of_the_signed_text() {
        let signature = format!("{SIGNATURE}\n\nabc=\n{END}\n");
        let file = Cleartext::write("a", "SHA512", &signature);
        for (file, told) in [
            (format!("x\n{file}"), "does not begin with"),
            (format!("\n{file}"), "does not begin with"),
            (format!("{file}x"), "after the signature"),
            (format!("{file}{file}"), "after the signature"),
            (format!("{file}{signature}"), "after the signature"),
            (file.replace("Hash: SHA512", "Comment: trust me"), "a header other than"),
            (file.replace("Hash: SHA512", "trust me"), "a header that is none"),
            (file.replace("\na\n", "\n-a\n"), "a line that cannot stand"),
            (file.replace("\na\n", "\na\rb\n"), "a line that cannot stand"),
            (file.replace("\na\n", &format!("\n{file}\n")), "a line that cannot stand"),
            (file.replace(END, ""), "breaks off"),
            (BEGIN.to_owned(), "breaks off"),
            (String::new(), "does not begin with"),
            ("x".repeat(MAX_SIZE + 1), "larger than"),
        ] {
            assert!(refusal(&file).contains(told), "{file}");
        }
        assert!(Cleartext::parse(b"\xff").unwrap_err().message.contains("UTF-8"));
    }

    #[test]
    fn says_so_wherever_a_file_breaks_off() {
        let file = Cleartext::write("a\nb", "SHA512", &format!("{SIGNATURE}\n\nabc=\n{END}\n"));
        for cut in 1..file.len() - 1 {
            assert!(Cleartext::parse(&file.as_bytes()[..cut]).is_err(), "{cut}");
        }
    }
}
