//! Addresses of the tabs that a definition declares.

/// What such an address is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address<'a> {
    /// That of an ingress with this name.
    Ingress(&'a str),
    /// Meant to be that of an ingress, and none: why.
    Wrong(&'static str),
    /// Any other.
    Other,
}

/// Reads the address of a tab as it is written, with names in `$()`.
pub(super) fn address(url: &str) -> Address<'_> {
    let Some((_, rest)) = url.split_once("://") else {
        let is_meant = url.contains("$(ingress_domain)") && !url.starts_with('/');
        return match is_meant {
            true => Address::Wrong("an address has `://` behind its protocol"),
            false => Address::Other,
        };
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let host = host.strip_suffix("$(ingress_port_suffix)").unwrap_or(host);
    let name = host.strip_suffix(".$(ingress_domain)").and_then(|name| {
        name.strip_suffix("-$(session_name)")
            .or_else(|| name.strip_prefix("$(session_name)-"))
    });
    if let Some(name) = name {
        return Address::Ingress(name);
    }
    // `${…}` is told of where it is put in.
    let in_braces = host.contains("{session_name}") && !host.contains("${session_name}");
    if in_braces || host.contains("param session_name") {
        return Address::Wrong("the definition has its variables between `$(` and `)`");
    }
    let is_apart = host.strip_suffix("$(ingress_domain)").is_some_and(|name| {
        name.ends_with("$(session_name)") || name.ends_with(".$(session_name).")
    });
    match is_apart {
        true => Address::Wrong(
            "the address of an ingress is its name, `-`, the session's name, `.` and the domain",
        ),
        false => Address::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_ingresses_are_known_by_their_parts() {
        let is = |url: &'static str| match address(url) {
            Address::Ingress(name) => name,
            Address::Wrong(_) => "wrong",
            Address::Other => "",
        };
        for (url, known) in [
            (
                "$(ingress_protocol)://app-$(session_name).$(ingress_domain)$(ingress_port_suffix)/x",
                "app",
            ),
            (
                "$(ingress_protocol)://app-$(session_name).$(ingress_domain):80/",
                "app",
            ),
            ("http://$(session_name)-app.$(ingress_domain)", "app"),
            ("app-$(session_name).$(ingress_domain)", "wrong"),
            (
                "$(ingress_protocol)//app-$(session_name).$(ingress_domain)",
                "wrong",
            ),
            ("http://app.$(session_name).$(ingress_domain)/", "wrong"),
            ("http://app-$(session_name)$(ingress_domain)/", "wrong"),
            ("http://app-{session_name}.$(ingress_domain)/", "wrong"),
            ("http://app-${session_name}.$(ingress_domain)/", ""),
            ("http://$(session_hostname)/", ""),
            ("http://registry.$(ingress_domain)/", ""),
            ("http://$(session_name).$(ingress_domain)/", ""),
            ("http://localhost:8080/", ""),
            ("terminal:2", ""),
            ("/slides", ""),
        ] {
            assert_eq!(is(url), known, "{url}");
        }
    }
}
