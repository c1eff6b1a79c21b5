//! The values that a site may change: a file of comments, with the keys that sites differ in and what the chart has for them.

use std::fmt::Write as _;

use crate::load::Loaded;
use crate::node::{Node, Value};
use crate::values::service::ServiceType;
use crate::values::storage::StorageType;
use crate::yaml::write::{self, Order};

const HEADER: &str = "\
## Settings of this site, over the values of the chart. As long as every line is a comment, the chart is installed as it is.
## Take the `# ` away before the lines that you need, with the keys above them. `helm show values` of the chart lists every key.
## 本站点的设置，覆盖 chart 中的值。所有行都是注释时，按 chart 原样安装。
## 需要修改时，去掉相应行及其上级键行首的 `# `。全部键及说明用 `helm show values` 查看。
";

/// The file. Every line that begins with `# ` is YAML without it.
pub(super) fn write(loaded: &Loaded) -> String {
    let mut site = Site { out: HEADER.to_owned(), tree: &loaded.tree, open: Vec::new() };
    let values = &loaded.values;
    site.say(
        "The private registry, and the Secrets with its login",
        "私有镜像仓库，以及存放其登录信息的 Secret",
    );
    site.keys(&["global.imageRegistry", "global.imagePullSecrets"]);
    site.say("What each pod asks of its node", "每个 pod 需要的资源");
    site.keys(&["forguncy.resources"]);
    if values.forguncy.service.kind == ServiceType::NodePort {
        site.say(
            "The port on every node, 30000 to 32767; 0 lets Kubernetes choose",
            "各节点上的端口，30000 至 32767；0 表示由 Kubernetes 分配",
        );
        site.keys(&["forguncy.service.nodePort"]);
    }
    if values.ingress.enabled {
        site.say("Names that users open", "用户访问的域名");
        site.keys(&["ingress.className", "ingress.hosts"]);
    }
    match values.storage.kind {
        StorageType::Nfs => {
            site.say(
                "The file server; it cannot be changed once the release is installed",
                "文件服务器；安装之后不能再改",
            );
            site.keys(&["storage.server", "storage.root"]);
        }
        StorageType::HostPath => {
            site.say(
                "The folder on the nodes; it cannot be changed once the release is installed",
                "节点上的目录；安装之后不能再改",
            );
            site.keys(&["storage.root"]);
        }
        StorageType::StorageClass => {
            site.say(
                "The class of the volumes; it cannot be changed once the release is installed",
                "卷的 StorageClass；安装之后不能再改",
            );
            site.keys(&["storage.storageClassName"]);
        }
        StorageType::ExistingClaims => {}
    }
    site.out
}

/// The file in the making.
struct Site<'a> {
    out: String,
    tree: &'a Node,
    /// The sections that the last key stands in.
    open: Vec<String>,
}

impl Site<'_> {
    fn say(&mut self, english: &str, chinese: &str) {
        // Writing to a string cannot fail.
        let _ = write!(self.out, "\n## {english}\n## {chinese}\n");
    }

    fn keys(&mut self, paths: &[&str]) {
        for path in paths {
            let parts: Vec<&str> = path.split('.').collect();
            let Some((key, sections)) = parts.split_last() else { continue };
            let Some(node) = self.tree.at(&parts) else { continue };
            let kept =
                self.open.iter().zip(sections).take_while(|(open, wanted)| open == wanted).count();
            self.open.truncate(kept);
            for section in &sections[kept..] {
                let _ = writeln!(self.out, "# {}{section}:", "  ".repeat(self.open.len()));
                self.open.push((*section).to_owned());
            }
            let indent = "  ".repeat(sections.len());
            let mut text = String::new();
            let is_block = matches!(&node.value, Value::Map(map) if !map.is_empty())
                || !node.items().is_empty();
            write::block(
                node,
                Order::AsWritten,
                if is_block { indent.len() + 2 } else { 0 },
                &mut text,
            );
            let _ = match is_block {
                true => {
                    let lines = text.lines().map(|line| format!("# {line}\n"));
                    write!(self.out, "# {indent}{key}:\n{}", lines.collect::<String>())
                }
                false => write!(self.out, "# {indent}{key}: {text}"),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::write;
    use crate::load::{Layer, load};

    #[test]
    fn says_what_the_chart_has_once_the_comments_go() {
        for (preset, more) in [
            ("nfs", json!({})),
            ("single-node", json!({"storage": {"root": "/a \"b\" #c"}})),
            (
                "cloud",
                json!({"ingress": {"enabled": true, "hosts": ["a.example.com", "b.example.com"]}}),
            ),
            ("offline", json!({})),
        ] {
            let layers = [
                Layer::Preset(preset.to_owned()),
                Layer::File("more".to_owned(), more.to_string().into_bytes()),
            ];
            let read = &mut |path: &str| Ok(path.to_owned());
            let loaded = load(&layers, read).expect("it fits");
            let text = write(&loaded);
            assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
            let bare: String = text
                .lines()
                .map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line)))
                .collect();
            let over = Layer::File("site".to_owned(), bare.clone().into_bytes());
            let again = load(&[layers.as_slice(), &[over]].concat(), read).expect("it fits");
            assert_eq!(again.tree.to_json(), loaded.tree.to_json(), "{bare}");
            let alone = load(&[Layer::File("site".to_owned(), bare.into_bytes())], read);
            assert_eq!(
                alone.expect("it fits").values.forguncy.resources,
                loaded.values.forguncy.resources
            );
        }
    }
}
