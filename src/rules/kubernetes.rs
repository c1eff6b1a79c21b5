//! Rules about single objects: what Kubernetes' own types ask of them.

super::rules! { KUBERNETES:
    /// A field that the type does not have.
    UNKNOWN_FIELD = "HZG201" "unknown-field" Error;
    /// A value of another type than the field's.
    WRONG_TYPE = "HZG202" "wrong-type" Error;
    /// A field that is required, and missing.
    MISSING_FIELD = "HZG203" "missing-field" Error;
    /// A text that is none of the few that are allowed.
    BAD_ENUM = "HZG204" "bad-enum" Error;
    /// A name, label, quantity, port, … that is not written as one, or out of range.
    BAD_FORMAT = "HZG205" "bad-format" Error;
    /// Two items of a list with the key that tells items apart.
    DUPLICATE_KEY = "HZG206" "duplicate-key" Error;
    /// A kind or an API that the cluster's version does not serve.
    API_UNAVAILABLE = "HZG207" "api-unavailable" Error;
    /// A field that the cluster's version does not have, though another has.
    FIELD_UNAVAILABLE = "HZG208" "field-unavailable" Error;
    /// Something that is not an object at all.
    NOT_AN_OBJECT = "HZG209" "not-an-object" Error;
    /// Fields that exclude or need each other.
    FIELD_CONFLICT = "HZG210" "field-conflict" Error;
}
