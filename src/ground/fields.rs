//! Fields of `/etc/exports` and `/etc/fstab`: words between blanks, with octal escapes for what would end one.

/// A path as a field of `/etc/exports` (exports(5): "special characters as backslash followed by the character code as three octal digits").
pub fn of_exports(path: &str) -> String {
    let is_plain =
        |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || "/._-+:@,=%~".contains(c);
    escaped(path, is_plain)
}

/// A path as a field of `/etc/fstab` (fstab(5)): older readers know the escapes of blanks and of the backslash alone.
pub fn of_fstab(path: &str) -> String {
    escaped(path, |c| !matches!(c, ' ' | '\t' | '\n' | '\\'))
}

fn escaped(path: &str, is_plain: impl Fn(char) -> bool) -> String {
    let mut field = String::with_capacity(path.len());
    for c in path.chars() {
        if is_plain(c) {
            field.push(c);
        } else {
            field.push_str(&format!("\\{:03o}", u32::from(c)));
        }
    }
    field
}

#[cfg(test)]
mod tests {
    use super::{of_exports, of_fstab};

    #[test]
    fn keeps_a_path_one_field() {
        assert_eq!(of_exports("/fgc-k8s-lbroot"), "/fgc-k8s-lbroot");
        assert_eq!(of_exports("/a b#c\"d\\e(f)*"), r"/a\040b\043c\042d\134e\050f\051\052");
        assert_eq!(of_exports("/活字格"), "/活字格");
        assert_eq!(of_fstab("/a b\\040#'"), r"/a\040b\134040#'");
    }
}
