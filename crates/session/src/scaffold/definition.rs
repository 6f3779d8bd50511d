//! `resources/workshop.yaml` of a new workshop.

use super::{PORT, Part, Plan};

pub(super) fn text(plan: &Plan) -> String {
    let Plan { name, .. } = plan;
    let title = quoted(&plan.title);
    let description = quoted(&plan.description);
    let editor = plan.has(Part::Editor);
    let examiner = plan.has(Part::Examiner);
    let mut text = format!(
        r#"apiVersion: training.educates.dev/v1beta1
kind: Workshop
metadata:
  name: {name}
spec:
  title: {title}
  description: {description}
  duration: 10m
  difficulty: beginner
  # Where `educates publish-workshop` puts the files, and what a session takes of them.
  publish:
    image: "$(image_repository)/{name}-files:$(workshop_version)"
  workshop:
    files:
      - image:
          url: "$(image_repository)/{name}-files:$(workshop_version)"
        includePaths:
          - /workshop/**
          - /exercises/**
          - /README.md
  session:
    # Nothing in this workshop needs a cluster of the learner's own.
    namespaces:
      budget: small
      security:
        token:
          enabled: false
    applications:
      terminal:
        enabled: true
        layout: split
      editor:
        enabled: {editor}
      examiner:
        enabled: {examiner}
"#
    );
    if plan.has(Part::Dashboard) {
        text.push_str(&format!(
            r#"    # A server on this port is shown in a tab.
    ingresses:
      - name: site
        port: {PORT}
    dashboards:
      - name: Site
        url: $(ingress_protocol)://site-$(session_name).$(ingress_domain)$(ingress_port_suffix)/
"#
        ));
    }
    text
}

/// Any text as YAML reads it for certain: JSON's strings are YAML's.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
