//! Manifests down a pipe: a stream of any length.

use crate::harness::hzgchart::hzgchart;
use crate::harness::process::run_with_input;

#[test]
fn checks_a_stream_far_longer_than_a_file_may_be() {
    let map = |n: usize| {
        let data = "x".repeat(1000);
        format!(
            "---\r\napiVersion: v1\r\nkind: ConfigMap\r\nmetadata:\r\n  name: a{n}\r\ndata:\r\n  a: {data}\r\n"
        )
    };
    let stream: String = (0..3000).map(map).collect();
    let last = "---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: last}\ndta: {}";
    let finished = run_with_input(
        hzgchart().args(["validate", "-"]),
        format!("{stream}a: &x [\n{last}").as_bytes(),
    );
    assert_eq!(finished.code, Some(1), "{}", finished.stderr);
    // The broken line ends the last good document, which is not counted.
    assert!(finished.stdout.contains("<stdin>:21001:"), "{}", finished.stdout);
    assert!(finished.stdout.contains("<stdin>:21006:1"), "{}", finished.stdout);
    assert!(finished.stdout.contains("2 errors in 3000 objects"), "{}", finished.stdout);
}

#[test]
fn many_objects_that_select_each_other_take_no_time_squared() {
    let set = |n: usize| {
        format!(
            "---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: {{name: a{n}}}\nspec:\n  selector: {{matchExpressions: [{{key: app, operator: In, values: [a{n}]}}]}}\n  template:\n    metadata: {{labels: {{app: a{n}}}}}\n    spec: {{containers: [{{name: a, image: \"b:1\"}}]}}\n"
        )
    };
    let stream: String = (0..5000).map(set).collect();
    // One by one it took minutes.
    let finished = run_with_input(hzgchart().args(["validate", "-"]), stream.as_bytes());
    assert!(finished.success().starts_with("no findings in 5000 objects"));
}
