//! The fleet file as it is written: its types, their schema, and how it is read.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::error::{Error, Problem};
use crate::node::Node;
use crate::schema::check::{self, Past};
use crate::schema::schema_to_check;
use crate::source::Sources;
use crate::yaml::{decode, read};

/// A fleet: many installations of Forguncy, each a chart of its own, described in one file.
///
/// The parts of an entry are laid over one another: `shared`, its architecture, its environment, its tenant, its own. Of all
/// these parts the presets come first, then part by part the files and the values. Paths are relative to this file.
///
/// `{tenant}`, `{environment}`, `{architecture}` and `{name}` (the entry's) stand for names, in every text of a part
/// and in the texts of its `values`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct FleetFile {
    /// What all entries have in common.
    pub shared: Part,
    /// What entries of an architecture have, by its name: `amd64`, `arm64`.
    pub architectures: BTreeMap<String, Part>,
    /// What entries of an environment have, by its name: `test`, `prod`.
    pub environments: BTreeMap<String, Part>,
    /// What entries of a tenant have, by its name.
    pub tenants: BTreeMap<String, Part>,
    /// A folder of values files, `NAME.yaml` for a tenant: each adds a tenant, or a file to one of `tenants`.
    pub tenant_files: String,
    /// Products of names: an entry for each combination.
    pub matrix: Vec<Product>,
    /// Entries one by one. One that is in `matrix`, too, adds to that.
    pub entries: Vec<Own>,
}

/// What a part of the fleet has. Texts that are empty are as if they were not there.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(extend("additionalProperties" = false))]
pub struct Part {
    /// Presets, below all files and values.
    pub presets: Vec<String>,
    /// Values files, a later one over the earlier ones.
    pub files: Vec<String>,
    /// Values, over the files.
    pub values: Anything,
    /// The release's name. Default `forguncy`.
    pub release: String,
    /// The namespace. Default the entry's name.
    pub namespace: String,
    /// The chart's name, which no other entry has. Default the entry's name.
    pub chart: String,
    /// A Chart.yaml with the fields to change, but for the name.
    pub chart_file: String,
    /// The chart's version: SemVer, or four parts such as `10.0.3.0`. Default from the image's tag.
    pub version: String,
    /// The product's version. Default the image's tag.
    pub app_version: String,
    /// The cluster, by any name: entries on different ones may have the same release and namespace.
    pub cluster: String,
}

/// A map that is checked later, with all the values that it goes into.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Json")]
pub struct Anything;

impl From<Json> for Anything {
    fn from(_: Json) -> Self {
        Self
    }
}

impl JsonSchema for Anything {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Anything".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object" })
    }
}

/// A product of tenants, environments and architectures.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Product {
    /// The tenants. Default all that there are.
    pub tenants: Vec<String>,
    /// The environments. Default all that there are.
    pub environments: Vec<String>,
    /// The architectures. Default all that there are.
    pub architectures: Vec<String>,
    /// Combinations to leave out: those with all of the names given.
    pub except: Vec<Combination>,
}

/// Names that an entry may have.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Combination {
    /// The tenant.
    pub tenant: String,
    /// The environment.
    pub environment: String,
    /// The architecture.
    pub architecture: String,
}

/// An entry that is written out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("additionalProperties" = false))]
pub struct Own {
    /// The tenant, or any other name for whom it is.
    pub tenant: String,
    /// The environment.
    #[serde(default)]
    pub environment: String,
    /// The architecture.
    #[serde(default)]
    pub architecture: String,
    /// The entry's name. Default its tenant, environment and architecture, as far as it has them, joined by `-`.
    #[serde(default)]
    pub name: String,
    /// What only this entry has.
    #[serde(flatten)]
    pub part: Part,
}

/// The schema of a fleet file (draft-07): `docs/fleet.schema.json`. A test compares it with what [`schema`] makes.
const SCHEMA: &str = include_str!("../../docs/fleet.schema.json");

/// Makes the schema of a fleet file from its types.
pub fn schema() -> String {
    schema_to_check::<FleetFile>()
}

/// Reads a fleet file called `name`: its content, and the tree that it came from, whose origins lead into the source that it adds.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn parse(
    name: &str,
    bytes: &[u8],
    sources: &mut Sources,
) -> Result<(FleetFile, Node), Error> {
    let text = decode(bytes, name)?;
    let id = sources.add(name, text);
    let root = read::document(id, sources).map_err(Error::Invalid)?;
    let schema: Json =
        serde_json::from_str(SCHEMA).expect("a test compares the text with generated JSON");
    let past = Past { sources, deleted: &[], complete: true };
    let problems = check::check(&root, &schema, &past);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    match FleetFile::deserialize(&root) {
        Ok(file) => Ok((file, root)),
        // The schema refuses what the types refuse.
        Err(error) => Err(Problem::new(error.to_string()).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{SCHEMA, schema};
    use crate::generated::assert_current;

    #[test]
    fn the_committed_schema_is_what_the_types_say() {
        assert_current("docs/fleet.schema.json", SCHEMA, &schema());
    }
}
