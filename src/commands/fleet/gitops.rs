//! `hzgchart fleet argocd` and `hzgchart fleet flux`: the fleet, for the engines that install it.

use std::collections::HashSet;
use std::io::Write;
use std::mem;
use std::path::Path;

use super::chart::identity;
use super::crew::{Crew, Done, Made};
use super::end::end;
use super::{chosen, read};
use crate::chart::path::ChartPath;
use crate::cli::{ArgocdForm, CheckArgs, EngineArgs, FleetArgocdArgs, FleetFluxArgs};
use crate::commands::{inputs, print};
use crate::error::{Error, Problem};
use crate::fleet::{Entry, Fleet};
use crate::gitops::{File, Installation, Pushed, argocd, check_label, check_name, flux, stream};
use crate::output::{Folder, FolderLock};
use crate::registry::Reference;
use crate::validate::Outcome;
use crate::yaml::{MAX_BYTES, decode};

pub(super) fn argocd(
    args: &FleetArgocdArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<u8, Error> {
    let setting = argocd::Setting {
        name: args.name.clone(),
        namespace: args.namespace.clone(),
        project: args.project.clone(),
    };
    check([
        check_label("`--name`", &args.name),
        check_label("`--namespace`", &args.namespace),
        check_name("`--project`", &args.project),
    ])?;
    let (fleet, installations, done) = match installations(&args.engine, true)? {
        Ok(made) => made,
        Err(done) => return end(done, 0, talk),
    };
    argocd::check(&installations).map_err(Error::Invalid)?;
    let files = match args.form {
        ArgocdForm::Applications => argocd::applications(&installations, &setting),
        ArgocdForm::Applicationset => check_environments(&fleet, &installations)
            .and_then(|()| argocd::application_sets(&installations, &setting)),
    };
    let files = files.map_err(Error::Invalid)?;
    let unchanged = match &args.engine.output_dir {
        Some(dir) => {
            let names = installations.iter().map(|it| match args.form {
                ArgocdForm::Applications => it.entry.to_string(),
                ArgocdForm::Applicationset => argocd::set_name(&setting, &it.environment),
            });
            let is_whole = installations.len() == fleet.entries.len();
            write(dir, &files, is_whole, &names.collect(), out, talk)?
        }
        None => {
            print(out, &stream(files.iter().flat_map(|file| &file.objects)))?;
            0
        }
    };
    end(done, unchanged, talk)
}

pub(super) fn flux(
    args: &FleetFluxArgs,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<u8, Error> {
    let setting = flux::Setting {
        namespace: args.namespace.clone(),
        secret: args.secret_ref.clone().unwrap_or_default(),
        kubeconfig: args.kubeconfig_secret.clone().unwrap_or_default(),
    };
    let secret = args.secret_ref.as_deref();
    check([
        check_label("`--namespace`", &args.namespace),
        secret.map_or(Ok(()), |name| check_name("`--secret-ref`", name)),
    ])?;
    let (fleet, installations, done) = match installations(&args.engine, false)? {
        Ok(made) => made,
        Err(done) => return end(done, 0, talk),
    };
    let unchanged = match &args.engine.output_dir {
        Some(dir) => {
            let files = flux::files(&installations, &setting).map_err(Error::Invalid)?;
            let names = installations.iter().map(|it| it.entry.to_string());
            let is_whole = installations.len() == fleet.entries.len();
            write(dir, &files, is_whole, &names.collect(), out, talk)?
        }
        None => {
            let objects = flux::everything(&installations, &setting).map_err(Error::Invalid)?;
            print(out, &stream(&objects))?;
            0
        }
    };
    end(done, unchanged, talk)
}

/// What options say that names something.
fn check<const N: usize>(names: [Result<(), Problem>; N]) -> Result<(), Error> {
    let problems: Vec<Problem> = names.into_iter().filter_map(Result::err).collect();
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// What was made of all entries; without those, what was found when one of them cannot be used. An engine would uninstall it.
type All = Result<(Fleet, Vec<Installation>, Done), Done>;

fn installations(args: &EngineArgs, by_version: bool) -> Result<All, Error> {
    // It is wrong for all entries alike.
    Reference::parse(&args.repository, "chart", "0.0.0")?;
    let pushed = match &args.pushed {
        Some(path) => {
            let name = inputs::name(path);
            Some(Pushed::parse(&decode(&inputs::read_up_to(path, MAX_BYTES)?, &name)?, &name)?)
        }
        None => None,
    };
    let entries = args.entries();
    let (fleet, disk) = read(&args.file)?;
    let checks = CheckArgs { kube_version: Default::default(), allow: Vec::new() };
    let mut installations = Vec::new();
    let mut done = {
        let crew = Crew::new(&fleet, &disk, &entries, &checks, false)?;
        crew.run(
            &chosen(&entries, &fleet)?,
            |entry, resolved, loaded| {
                let identity = identity(resolved, loaded, &disk)?;
                let chart = identity.metadata.name.to_string();
                let version = identity.version.version.to_string();
                let installation = Installation {
                    entry: entry.name.clone(),
                    environment: entry.environment.clone(),
                    release: resolved.release.clone(),
                    cluster: resolved.cluster.clone(),
                    reference: Reference::parse(&args.repository, &chart, &version)?,
                    digest: String::new(),
                    chart,
                    version,
                };
                let keep = move || Ok(installation);
                // What there is to say of versions, `fleet package` says.
                Ok(Made { outcome: Outcome::default(), warnings: Vec::new(), keep })
            },
            |_, installation| {
                installations.push(installation);
                Ok(())
            },
        )
    };
    if done.failed == 0 && done.stopped.is_none() {
        if let Some(pushed) = pushed {
            pushed.pin(&mut installations, by_version).map_err(Error::Invalid)?;
        }
        return Ok(Ok((fleet, installations, done)));
    }
    done.failed += mem::take(&mut done.kept);
    Ok(Err(done))
}

/// The entries that `--only` leaves out.
fn left_out<'f>(
    fleet: &'f Fleet,
    installations: &[Installation],
) -> impl Iterator<Item = &'f Entry> {
    let names: HashSet<_> = installations.iter().map(|it| it.entry.clone()).collect();
    fleet.entries.iter().filter(move |entry| !names.contains(&entry.name))
}

/// Checks that `--only` leaves no ApplicationSet with some of its entries.
fn check_environments(fleet: &Fleet, installations: &[Installation]) -> Result<(), Vec<Problem>> {
    let chosen: HashSet<&str> = installations.iter().map(|it| &*it.environment).collect();
    match left_out(fleet, installations).find(|entry| chosen.contains(&*entry.environment)) {
        None => Ok(()),
        Some(entry) => {
            let problem = Problem::new(format!(
                "`--only` leaves out `{}`, which belongs into the same ApplicationSet as others",
                entry.name
            ));
            Err(vec![problem.help(
                "Argo CD would remove its Application: choose whole environments, or `--form applications`",
            )])
        }
    }
}

/// Writes files into a folder, and tells what goes from it. How many entries have nothing new in their files.
///
/// # Errors
/// When the folder is not as hzgchart left it, or when files would go that may be about entries which were not chosen: those are not
/// named after one that was.
fn write(
    dir: &Path,
    files: &[File],
    is_whole: bool,
    chosen: &HashSet<String>,
    out: &mut dyn Write,
    talk: &mut dyn Write,
) -> Result<usize, Error> {
    let mut paths = Vec::with_capacity(files.len());
    for file in files {
        let path = ChartPath::parse(&file.path);
        paths.push(path.map_err(|reason| Problem::new(format!("`{}` {reason}", file.path)))?);
    }
    let texts: Vec<String> = files.iter().map(File::text).collect();
    let pairs: Vec<(&ChartPath, &[u8])> =
        paths.iter().zip(&texts).map(|(path, text)| (path, text.as_bytes())).collect();
    let _lock = FolderLock::take(dir)?;
    let folder = Folder::open(dir)?;
    let gone: Vec<String> = folder.gone(&pairs).into_iter().map(str::to_owned).collect();
    let mut others = gone.iter().filter(|path| !is_whole && !chosen.contains(subject(path)));
    if let Some(path) = others.next() {
        let message = format!(
            "`{}` is not about the entries that `--only` chooses, and would be removed",
            dir.join(path).display()
        );
        let help = "the engine would uninstall what it is about: give what `--only` chooses a folder of its own";
        return Err(Problem::new(message).help(help).into());
    }
    let is_written = folder.write(&pairs)?;
    let mut text = String::new();
    for path in &paths {
        text.push_str(&format!("{}\n", dir.join(path.as_str()).display()));
    }
    print(out, &text)?;
    for path in gone {
        // Talk that cannot be heard is no reason to stop.
        let _ = writeln!(talk, "removed: {}", dir.join(path).display());
    }
    let unchanged = files.iter().zip(is_written).filter(|(_, is_written)| !is_written);
    Ok(unchanged.map(|(file, _)| file.entries).sum())
}

/// What a file is named after: an entry or an ApplicationSet, of which there may be several by number.
fn subject(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split('.').next().unwrap_or(name)
}
