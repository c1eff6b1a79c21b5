//! Writes the first inputs of every target, `FOLDER/TARGET/NAME`, from what the project has: presets, fixtures, arguments tried
//! with Helm, and charts. And `FOLDER/keys.dict`, the words that the fuzzer puts in.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use hzgchart::load::{Layer, load};
use hzgchart::presets::PRESETS;
use hzgchart::release::Release;
use hzgchart::templates;
use hzgchart_fuzz::chart;
// What the targets' instrumentation calls is in there.
use libfuzzer_sys as _;
use serde_json::Value as Json;

/// The broken charts of the tests.
#[path = "../../tests/inspect/cases.rs"]
mod cases;
#[path = "../../tests/inspect/pack.rs"]
mod pack;

/// Larger seeds would be cut by the fuzzer.
const MAX_BYTES: usize = 128 * 1024;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: seeds FOLDER")?);
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let seeds = Seeds { folder };

    let mut values = Vec::new();
    for part in ["values-presets", "tests/fixtures/valid", "tests/fixtures/invalid"] {
        values.extend(files(&project.join(part))?);
    }
    for (name, bytes) in &values {
        seeds.write("values", name, bytes)?;
        seeds.write("yaml", name, bytes)?;
    }

    let tried = fs::read_to_string(project.join("src/set/helm.jsonl"))?;
    for (line, number) in tried.lines().zip(1..) {
        let row: Json = serde_json::from_str(line)?;
        let (flag, argument) = (row[0].as_str().unwrap_or_default(), row[2].as_str());
        let letter = match flag {
            "set-string" => 't',
            _ => flag.trim_start_matches("set-").chars().next().unwrap_or('s'),
        };
        let seed = format!("{letter}{}", argument.unwrap_or_default());
        seeds.write("set", &number.to_string(), seed.as_bytes())?;
    }

    let mut manifests = files(&project.join("tests/fixtures/kubernetes"))?;
    manifests.extend(files(&project.join("tests/fixtures/invalid/manifests"))?);
    for preset in PRESETS {
        manifests.push((format!("preset-{}", preset.name), rendered(preset.name)?.into_bytes()));
    }
    for (name, bytes) in &manifests {
        seeds.write("yaml", name, bytes)?;
        // The newest version and an old one.
        for version in [b'\x0c', b'\x02'] {
            seeds.write(
                "manifests",
                &format!("{version}-{name}"),
                &[&[version], &bytes[..]].concat(),
            )?;
        }
    }

    for (name, archive) in cases::cases() {
        let mut tar = Vec::new();
        let whole = GzDecoder::new(archive.as_slice()).take(1 << 20).read_to_end(&mut tar);
        if whole.is_ok() {
            seeds.write("archive", &format!("tar-{name}"), &[&[chart::TAR], &tar[..]].concat())?;
            seeds.write("archive", &format!("files-{name}"), &unpacked(&tar)?)?;
        }
        seeds.write("archive", name, &[&[chart::RAW], &archive[..]].concat())?;
    }
    for (name, bytes) in files(&project.join("tests/fixtures/provenance"))? {
        seeds.write("provenance", &name, &bytes)?;
        // What is signed, alone.
        let text = String::from_utf8_lossy(&bytes);
        let signed = text.split("\n-----").next().and_then(|text| text.split_once("\n\n"));
        if let Some((_, signed)) = signed {
            seeds.write("provenance", &format!("{name}-text"), signed.as_bytes())?;
        }
    }
    fs::write(seeds.folder.join("keys.dict"), dictionary()?)?;
    Ok(())
}

struct Seeds {
    folder: PathBuf,
}

impl Seeds {
    fn write(&self, target: &str, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        if bytes.len() > MAX_BYTES {
            return Ok(());
        }
        let folder = self.folder.join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)
    }
}

/// The files of a folder, by name; none of a folder that is not there.
fn files(folder: &Path) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_file() {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, fs::read(&path)?));
        }
    }
    Ok(files)
}

fn rendered(preset: &str) -> Result<String, Box<dyn Error>> {
    let layers = [
        Layer::Preset(preset.to_owned()),
        Layer::File("set.yaml".to_owned(), b"storage: {server: nfs.example.com}\n".to_vec()),
    ];
    let loaded = load(&layers, &mut |_| unreachable!("no `--set-file`"))?;
    let release = Release { name: "shop".to_owned(), namespace: "shop".to_owned() };
    let rendered = templates::render(&loaded.tree, &release)?;
    Ok(rendered.iter().map(|file| &*file.text).collect())
}

/// A tar archive as the paths and contents that [`chart::FILES`] is made of.
fn unpacked(tar: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut seed = vec![chart::FILES];
    for entry in tar::Archive::new(tar).entries()? {
        let Ok(mut entry) = entry else { break };
        let path = entry.path_bytes().into_owned();
        let mut content = Vec::new();
        if entry.read_to_end(&mut content).is_err() {
            break;
        }
        let inside = path.iter().position(|byte| *byte == b'/').map_or(0, |at| at + 1);
        for part in [&path[inside..], &content] {
            seed.extend(part.iter().filter(|byte| **byte != 0));
            seed.push(0);
        }
    }
    Ok(seed)
}

/// What is seldom hit by chance: <https://llvm.org/docs/LibFuzzer.html#dictionaries>.
const SYNTAX: &[&str] = &[
    "---\\x0a",
    "...\\x0a",
    "%YAML 1.1\\x0a",
    "<<: *",
    "&a ",
    "*a",
    "!!str ",
    "!!binary ",
    "|-\\x0a",
    ">+2\\x0a",
    "? ",
    "\\x0d\\x0a",
    "\\xef\\xbb\\xbf",
    "\\\\u4e2d",
    "\\xe6\\xb4\\xbb",
    "0x1F",
    ".inf",
    "1e3",
    "100Gi",
    "null",
    "~",
    "[0]",
    "[65536]",
    "={a,b}",
    "{\\x22a\\x22:",
    "apiVersion: v1\\x0akind: List\\x0aitems:\\x0a",
    "{{ .Values.a | quote }}",
    "{{- end }}",
    "{{ include ",
    "Chart.yaml",
    "Chart.lock",
    "values.yaml",
    "values.schema.json",
    "templates/",
    "crds/",
    "charts/",
    ".helmignore",
    "requirements.yaml",
    "ustar",
    "PK\\x03\\x04",
    "PK\\x01\\x02",
    "PK\\x05\\x06",
    "\\x1f\\x8b\\x08",
    "-----BEGIN PGP ",
    "-----END PGP SIGNATURE-----\\x0a",
    "sha256:",
];

/// The syntax, the keys and choices of the values, and what may stand in Kubernetes' objects.
fn dictionary() -> Result<String, Box<dyn Error>> {
    let mut words: BTreeSet<String> = SYNTAX.iter().map(|word| (*word).to_owned()).collect();
    gather(&serde_json::from_str(hzgchart::schema::TEXT)?, &mut words);
    Ok(words.iter().map(|word| format!("\"{word}\"\n")).collect())
}

fn gather(schema: &Json, words: &mut BTreeSet<String>) {
    let plain =
        |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !word.is_empty();
    if let Some(properties) = schema["properties"].as_object() {
        words.extend(properties.keys().filter(|key| plain(key)).map(|key| format!("{key}: ")));
    }
    for choice in schema["enum"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        words.extend(plain(choice).then(|| choice.to_owned()));
    }
    match schema {
        Json::Object(map) => map.values().for_each(|below| gather(below, words)),
        Json::Array(items) => items.iter().for_each(|below| gather(below, words)),
        _ => {}
    }
}
