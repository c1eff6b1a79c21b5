//! Rules about the values, before any object is made of them.

super::rules! { VALUES:
    /// A values file or an argument cannot be read, or does not fit the schema.
    VALUES_INVALID = "HZG101" "values-invalid" Error;
    /// A value is required and still empty.
    VALUE_MISSING = "HZG102" "value-missing" Error;
    /// The same, where an installation can still bring it: in a package.
    VALUE_LEFT_OPEN = "HZG103" "value-left-open" Warning;
    /// A text is no YAML, so it holds no objects.
    MANIFEST_UNREADABLE = "HZG104" "manifest-unreadable" Error;
}
