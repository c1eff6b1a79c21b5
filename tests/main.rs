//! The integration tests, one binary: a file per capability, and in `harness` what they share.
//!
//! They need real Helm and Python: `scripts/fetch-tools.sh` puts both into `.tools/`.

mod harness;

mod agreement;
mod bad_input;
mod bundle;
mod ci;
mod diff;
mod docs;
mod fleet;
mod gateway;
mod gitops;
mod helm;
mod helm_test;
mod help;
mod images;
mod import;
mod index;
mod inspect;
mod invalid;
mod kubernetes;
mod law;
mod mirror;
mod misspelt_keys;
mod nfs;
mod notes;
mod output_json;
mod provenance;
mod redis;
mod registry;
mod registry_trouble;
mod reproducible;
mod stream;
mod validate;
