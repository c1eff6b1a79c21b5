//! `package --sign` and `verify`: both majors of Helm take our signatures, we take theirs, nobody takes a chart that was changed, and no secret is
//! ever shown.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

use pgp::composed::{ArmorOptions, KeyType, SignedSecretKey};
use pgp::crypto::ecc_curve::ECCCurve;
use serde_json::{Value as Json, json};
use tempfile::{TempDir, tempdir};

use hzgchart::archive::sha256_hex;

use crate::harness::helm::Helm;
use crate::harness::hzgchart::hzgchart;
use crate::harness::openpgp::{self, key, lock, public, restate, revoke, secret};
use crate::harness::process::{Finished, run, run_with_input};
use crate::harness::project;
use crate::harness::python::Python;
use crate::harness::registry::Registry;

const PASSPHRASE: &str = "correct horse battery staple";
const ARCHIVE: &str = "forguncy-k8s-server-10.0.103.tgz";

/// An RSA key with a passphrase, as most charts are signed with. It takes a while to make.
fn rsa() -> &'static SignedSecretKey {
    static KEY: OnceLock<SignedSecretKey> = OnceLock::new();
    KEY.get_or_init(|| {
        let mut rsa = key(KeyType::Rsa(2048), "Release (RSA) <rsa@example.com>");
        lock(&mut rsa, PASSPHRASE);
        rsa
    })
}

fn ed25519() -> SignedSecretKey {
    key(KeyType::Ed25519Legacy, "Release (Ed25519) <ed@example.com>")
}

/// A folder with keyrings and a passphrase.
struct Desk(TempDir);

impl Desk {
    fn new(key: &SignedSecretKey) -> Self {
        let desk = Self(tempdir().expect("the temporary folder is writable"));
        desk.write("secring.gpg", &secret(key));
        desk.write("pubring.gpg", &public(key));
        desk.write("passphrase", format!("{PASSPHRASE}\n").as_bytes());
        desk
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn write(&self, file: &str, bytes: &[u8]) {
        fs::write(self.path(file), bytes).expect("it is writable");
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).expect("it is there, and text")
    }

    /// `hzgchart package --sign` into `out`, with GnuPG's folder here.
    fn package(&self) -> Command {
        let mut command = hzgchart();
        command.args(["package", "--set", "storage.server=10.0.0.5", "-d", "out", "--sign"]);
        command.current_dir(self.0.path()).env("GNUPGHOME", self.0.path());
        command
    }

    fn sign(&self) -> String {
        run(self.package().args(["--passphrase-file", "passphrase"])).success()
    }

    fn verify(&self, archive: &str) -> Finished {
        run(hzgchart()
            .args(["verify", archive])
            .current_dir(self.0.path())
            .env("GNUPGHOME", self.0.path()))
    }

    /// A cache that another run used holds the provenance files of its keys.
    fn helm(&self, major: Helm, args: &[&str]) -> Finished {
        let mut helm = major.command();
        helm.env("HELM_CACHE_HOME", self.path("cache"));
        run(helm.args(args).current_dir(self.0.path()).env("GNUPGHOME", self.0.path()))
    }
}

/// What all three print of a chart that is what was signed.
fn told(desk: &Desk, archive: &str, user: &str, key: &SignedSecretKey) -> String {
    let bytes = fs::read(desk.path(archive)).expect("it was packaged");
    let fingerprint = openpgp::fingerprint(key);
    format!(
        "Signed by: {user}\nUsing Key With Fingerprint: {fingerprint}\nChart Hash Verified: sha256:{}\n",
        sha256_hex(&bytes)
    )
}

#[test]
fn both_helms_and_we_verify_what_we_sign_and_refuse_it_changed() {
    let p256 = key(KeyType::ECDSA(ECCCurve::P256), "Release <p256@example.com>");
    for (key, user) in
        [(rsa(), "Release (RSA) <rsa@example.com>"), (&p256, "Release <p256@example.com>")]
    {
        let desk = Desk::new(key);
        let printed = desk.sign();
        assert!(printed.ends_with(&format!("\nout/{ARCHIVE}.prov\n")), "{printed}");
        let archive = format!("out/{ARCHIVE}");
        let expected = told(&desk, &archive, user, key);
        assert_eq!(desk.verify(&archive).success(), expected);
        for major in Helm::BOTH {
            assert_eq!(desk.helm(major, &["verify", &archive]).success(), expected, "{major:?}");
        }
        // A file more is in it.
        fs::create_dir(desk.path("changed")).expect("it is writable");
        let changed = format!("changed/{ARCHIVE}");
        run(Command::new("tar")
            .current_dir(desk.path("changed"))
            .arg("xzf")
            .arg(desk.path(&archive)))
        .success();
        desk.write("changed/forguncy-k8s-server/templates/more.yaml", b"a: 1\n");
        run(Command::new("tar").current_dir(desk.path("changed")).args([
            "czf",
            ARCHIVE,
            "forguncy-k8s-server",
        ]))
        .success();
        let provenance = desk.read(&format!("{archive}.prov"));
        desk.write(&format!("{changed}.prov"), provenance.as_bytes());
        refused(&desk, &changed, "and the archive has sha256:");
        // Its provenance says so.
        let bytes = fs::read(desk.path(&changed)).expect("it was packed");
        let original = fs::read(desk.path(&archive)).expect("it was packaged");
        let forged = provenance.replace(&sha256_hex(&original), &sha256_hex(&bytes));
        assert_ne!(forged, provenance);
        desk.write(&format!("{changed}.prov"), forged.as_bytes());
        refused(&desk, &changed, "its signature is not that of the key");
        // Another key signs.
        desk.write("pubring.gpg", &public(&ed25519()));
        refused(&desk, &archive, "the keyring does not have the key that signed it");
    }
}

/// All three refuse a chart.
#[track_caller]
fn refused(desk: &Desk, archive: &str, why: &str) {
    let finished = desk.verify(archive);
    assert_eq!(finished.code, Some(1), "{finished:?}");
    assert!(finished.stderr.contains(why) && finished.stdout.is_empty(), "{finished:?}");
    for major in Helm::BOTH {
        let finished = desk.helm(major, &["verify", archive]);
        assert!(!finished.ok(), "{major:?}: {finished:?}");
    }
}

#[test]
fn helm_4_alone_knows_edwards_curves_and_we_say_so() {
    let key = ed25519();
    let desk = Desk::new(&key);
    let finished = run(&mut desk.package());
    assert!(
        finished.ok() && finished.stderr.contains("warning: Helm 3 cannot verify"),
        "{finished:?}"
    );
    let archive = format!("out/{ARCHIVE}");
    let expected = told(&desk, &archive, "Release (Ed25519) <ed@example.com>", &key);
    assert_eq!(desk.verify(&archive).success(), expected);
    assert_eq!(desk.helm(Helm::Four, &["verify", &archive]).success(), expected);
    let three = desk.helm(Helm::Three, &["verify", &archive]);
    assert!(!three.ok() && three.stderr.contains("unsupported feature"), "{three:?}");
}

#[test]
fn we_verify_what_both_helms_sign() {
    let desk = Desk::new(rsa());
    desk.sign();
    run(Command::new("tar").current_dir(desk.0.path()).arg("xzf").arg(format!("out/{ARCHIVE}")))
        .success();
    for major in Helm::BOTH {
        let folder = format!("{major:?}");
        let args = ["package", "forguncy-k8s-server", "-d", &folder, "--sign"];
        let key = ["--key", "RSA", "--keyring", "secring.gpg", "--passphrase-file", "passphrase"];
        let finished = desk.helm(major, &[&args[..], &key].concat());
        assert!(finished.ok(), "{major:?}: {finished:?}");
        let archive = format!("{folder}/{ARCHIVE}");
        let expected = told(&desk, &archive, "Release (RSA) <rsa@example.com>", rsa());
        assert_eq!(desk.verify(&archive).success(), expected, "{major:?}");
        let provenance = desk.read(&format!("{archive}.prov"));
        for (changed, why) in [
            (
                provenance.replace("version: 10.0.103", "version: 10.0.104"),
                "is not that of the key",
            ),
            (format!("approved\n{provenance}"), "does not begin with a signed text"),
            (format!("{provenance}\napproved\n"), "something stands after the signature"),
            (provenance.replace("Hash: SHA512", "Comment: approved"), "a header other than `Hash`"),
            (format!("{provenance}\n{provenance}"), "something stands after the signature"),
            (provenance[..provenance.len() - 40].to_owned(), "it breaks off"),
        ] {
            desk.write(&format!("{archive}.prov"), changed.as_bytes());
            let finished = desk.verify(&archive);
            assert_eq!(finished.code, Some(1), "{finished:?}");
            assert!(finished.stderr.contains(why), "{finished:?}");
        }
        fs::remove_file(desk.path(&format!("{archive}.prov"))).expect("it is there");
        let finished = desk.verify(&archive);
        assert_eq!(finished.code, Some(1), "{finished:?}");
        assert!(finished.stderr.contains("is not signed"), "{finished:?}");
    }
}

#[test]
fn a_signed_chart_is_pushed_and_pulled_with_its_provenance() {
    let desk = Desk::new(rsa());
    let registry = Registry::open();
    let args = ["--passphrase-file", "passphrase", "--output-json"];
    let printed = run(desk.package().args(args)).success();
    let told: Json = serde_json::from_str(&printed).expect("it is JSON");
    let provenance = desk.read(&format!("out/{ARCHIVE}.prov"));
    let expected = json!({
        "path": format!("out/{ARCHIVE}.prov"),
        "sha256": sha256_hex(provenance.as_bytes()),
        "fingerprint": openpgp::fingerprint(rsa()),
    });
    assert_eq!(told["provenance"], expected);
    let schema = project().join("docs/package.schema.json").display().to_string();
    let request = json!({"schema": schema, "json": printed});
    assert_eq!(Python::start("reports.py").ask(&request), json!({"problems": []}));
    let target = format!("oci://{}/charts", registry.host());
    let pushed = run(hzgchart().current_dir(desk.0.path()).args([
        "push",
        &format!("out/{ARCHIVE}"),
        &target,
        "--plain-http",
        "--output-json",
    ]))
    .success();
    let pushed: Json = serde_json::from_str(&pushed).expect("it is JSON");
    assert_eq!(pushed["signed"], json!(true));
    assert_eq!(pushed["sha256"], told["sha256"]);
    let address = format!("{target}/forguncy-k8s-server");
    for major in Helm::BOTH {
        let folder = format!("{major:?}");
        let pull = ["pull", &address, "--plain-http", "--verify", "-d", &folder];
        fs::create_dir(desk.path(&folder)).expect("it is writable");
        let finished = desk.helm(major, &pull);
        assert!(finished.ok(), "{major:?}: {finished:?}");
        assert_eq!(desk.read(&format!("{folder}/{ARCHIVE}.prov")), provenance, "{major:?}");
        assert!(desk.verify(&format!("{folder}/{ARCHIVE}")).ok());
        let template = ["template", "shop", &address, "--plain-http", "--verify"];
        assert!(desk.helm(major, &template).success().contains("kind: Deployment"), "{major:?}");
        // A key that is not trusted stops both.
        desk.write(
            "other.gpg",
            &public(&key(KeyType::ECDSA(ECCCurve::P256), "Other <o@example.com>")),
        );
        let finished = desk.helm(major, &[&template[..], &["--keyring", "other.gpg"]].concat());
        assert!(!finished.ok(), "{major:?}: {finished:?}");
    }
}

#[test]
fn a_signature_is_the_same_for_the_same_time() {
    for key in [rsa(), &ed25519()] {
        let desk = Desk::new(key);
        let sign = |epoch: &str| {
            let mut package = desk.package();
            package.args(["--passphrase-file", "passphrase"]).env("SOURCE_DATE_EPOCH", epoch);
            run(&mut package).success();
            desk.read(&format!("out/{ARCHIVE}.prov"))
        };
        let first = sign("1700000000");
        assert_eq!(sign("1700000000"), first);
        assert_ne!(sign("1700000001"), first);
        assert!(desk.verify(&format!("out/{ARCHIVE}")).ok());
        assert!(desk.helm(Helm::Four, &["verify", &format!("out/{ARCHIVE}")]).ok());
    }
}

#[test]
fn reads_armored_keyrings_and_a_passphrase_from_standard_input() {
    let desk = Desk::new(rsa());
    let armored = rsa().to_armored_string(ArmorOptions::default()).expect("it can be written");
    desk.write("secret.asc", armored.as_bytes());
    let public = rsa().to_public_key().to_armored_string(ArmorOptions::default());
    desk.write("public.asc", public.expect("it can be written").as_bytes());
    let mut package = desk.package();
    package.args(["--keyring", "secret.asc", "--passphrase-file", "-"]);
    let finished = run_with_input(&mut package, format!("{PASSPHRASE}\r\nmore").as_bytes());
    assert!(finished.ok(), "{finished:?}");
    let archive = desk.path(&format!("out/{ARCHIVE}"));
    let mut verify = hzgchart();
    verify.arg("verify").arg(archive).arg("--keyring").arg(desk.path("public.asc"));
    assert!(run(&mut verify).ok());
}

/// The arguments that sign, what stands in which file before, the exit code, and what is told.
type Trouble<'a> = (&'a [&'a str], Option<(&'a str, Vec<u8>)>, u8, &'a str);

#[test]
fn shows_no_secret_and_writes_nothing_when_it_cannot_sign() {
    let unlocked = ed25519();
    let changed = |change: &dyn Fn(&mut SignedSecretKey)| {
        let mut key = unlocked.clone();
        change(&mut key);
        Some(("secring.gpg", secret(&key)))
    };
    let mut keybox = vec![0; 64];
    keybox[8..12].copy_from_slice(b"KBXf");
    let several = [secret(rsa()), secret(&unlocked)].concat();
    let passphrase: &[&str] = &["--passphrase-file", "passphrase"];
    let cases: Vec<Trouble<'_>> = vec![
        (&["--key", "rsa@exampel.com"], None, 2, "did you mean `rsa@example.com`?"),
        (&["--key", "nobody"], None, 2, "there are `Release (RSA) <rsa@example.com>` ("),
        (&[], Some(("secring.gpg", several.clone())), 2, "several secret keys"),
        (&["--key", "Release"], Some(("secring.gpg", several)), 2, "several keys match `Release`"),
        (&[], None, 2, "needs its passphrase"),
        (passphrase, Some(("passphrase", b"hunter2\n".to_vec())), 2, "does not open the key"),
        (passphrase, Some(("passphrase", Vec::new())), 2, "does not open the key"),
        (&["--passphrase-file", "missing"], None, 3, "cannot read `missing`"),
        (&["--keyring", "missing"], None, 3, "cannot read `missing`"),
        (&["--keyring", "."], None, 3, "cannot read `.`"),
        (&["--keyring", "pubring.gpg"], None, 2, "public keys only"),
        (&["--keyring", "passphrase"], None, 2, "holds no OpenPGP key"),
        (&[], Some(("secring.gpg", keybox)), 2, "is a keybox"),
        (&[], changed(&|key| restate(key, 60, true)), 2, "expired on 2020-09-13T12:27:40Z"),
        (&[], changed(&|key| restate(key, 0, false)), 2, "is not for signing"),
        (&[], changed(&revoke), 2, "was revoked"),
        (&["--format", "zip"], None, 2, "`--format zip` writes nothing that can be signed"),
        (&["--passphrase-file", "-", "-f", "-"], None, 2, "both read standard input"),
    ];
    for (args, file, code, message) in cases {
        let desk = Desk::new(rsa());
        if let Some((name, bytes)) = file {
            desk.write(name, &bytes);
        }
        let finished = run(desk.package().args(args));
        assert_eq!(finished.code, Some(code.into()), "{message}: {finished:?}");
        assert!(finished.stderr.contains(message), "{message}: {finished:?}");
        for secret in [PASSPHRASE, "correct horse", "hunter2"] {
            assert!(!finished.stderr.contains(secret), "{finished:?}");
        }
        assert!(finished.stdout.is_empty() && !desk.path("out").exists(), "{message}");
    }
    let desk = Desk::new(rsa());
    let early = run(desk
        .package()
        .args(["--passphrase-file", "passphrase"])
        .env("SOURCE_DATE_EPOCH", "1500000000"));
    assert_eq!(early.code, Some(2), "{early:?}");
    assert!(early.stderr.contains("is younger than the time to sign with"), "{early:?}");
    let late = run(desk
        .package()
        .args(["--passphrase-file", "passphrase"])
        .env("SOURCE_DATE_EPOCH", "4000000000"));
    assert_eq!(late.code, Some(2), "{late:?}");
    assert!(late.stderr.contains("SOURCE_DATE_EPOCH is 4000000000, which is in the future"));
    assert!(!desk.path("out").exists());
    fs::create_dir_all(desk.path(&format!("out/{ARCHIVE}"))).expect("it is writable");
    let finished = run(desk.package().args(["--passphrase-file", "passphrase"]));
    assert_eq!(finished.code, Some(3), "{finished:?}");
    assert!(!desk.path(&format!("out/{ARCHIVE}.prov")).exists());
}

#[cfg(target_os = "linux")]
#[test]
fn leaves_no_core_file_while_it_has_a_key() {
    use std::os::unix::process::ExitStatusExt;
    let desk = Desk::new(rsa());
    let package = desk.package();
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -c \"$(ulimit -H -c)\"; exec \"$0\" \"$@\""]);
    command.arg(package.get_program()).args(package.get_args());
    command.args(["--passphrase-file", "-"]).current_dir(desk.0.path());
    command.env("GNUPGHOME", desk.0.path()).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().expect("it runs");
    let limits = PathBuf::from(format!("/proc/{}/limits", child.id()));
    let is_zero = |limits: &Path| {
        let limits = fs::read_to_string(limits).unwrap_or_default();
        let line = limits.lines().find(|line| line.starts_with("Max core file size"));
        line.is_some_and(|line| line.split_whitespace().skip(4).take(2).all(|limit| limit == "0"))
    };
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_zero(&limits) && Instant::now() < deadline {
        sleep(Duration::from_millis(5));
    }
    assert!(is_zero(&limits), "the limit of core files was not lowered");
    let mut input = child.stdin.take().expect("stdin is piped");
    // Half a passphrase: it waits for the rest.
    input.write_all(b"correct").expect("it reads");
    run(Command::new("kill").args(["-ABRT", &child.id().to_string()])).success();
    let status = child.wait().expect("it is ours");
    assert_eq!(status.signal(), Some(6), "{status:?}");
    assert!(!status.core_dumped(), "{status:?}");
}

#[test]
fn verify_tells_bad_input_from_a_bad_chart() {
    let desk = Desk::new(rsa());
    desk.sign();
    let archive = format!("out/{ARCHIVE}");
    for (args, code, message) in [
        (["verify", "missing.tgz", "--keyring", "pubring.gpg"], 3, "cannot read `missing.tgz`"),
        (["verify", &archive, "--keyring", "missing"], 3, "cannot read `missing`"),
        (["verify", &archive, "--keyring", "passphrase"], 2, "holds no OpenPGP key"),
        (["verify", "passphrase", "--keyring", "pubring.gpg"], 1, "is not signed"),
    ] {
        let finished = run(hzgchart().current_dir(desk.0.path()).args(args));
        assert_eq!(finished.code, Some(code), "{finished:?}");
        assert!(finished.stderr.contains(message), "{finished:?}");
    }
    let home = run(hzgchart().arg("verify").arg(desk.path(&archive)).env("HOME", desk.path("out")));
    assert_eq!(home.code, Some(3), "{home:?}");
    assert!(
        home.stderr.contains("/.gnupg/pubring.gpg") && home.stderr.contains("help: `--keyring"),
        "{home:?}"
    );
}
