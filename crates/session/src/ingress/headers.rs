//! What the proxy changes in the headers of requests and responses.

use hyper::HeaderMap;
use hyper::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD,
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, EXPIRES, HeaderName, HeaderValue, ORIGIN,
    TE, TRAILER, TRANSFER_ENCODING, UPGRADE, VARY, X_FRAME_OPTIONS,
};

use super::routes::Routes;

/// Headers that concern one connection, not the message (RFC 9110, section 7.6.1).
const HOP_BY_HOP: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-authenticate"),
    HeaderName::from_static("proxy-authorization"),
    HeaderName::from_static("proxy-connection"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
];

/// The protocol that a message wants to change to (`websocket`).
pub(super) fn upgrade(headers: &HeaderMap) -> Option<HeaderValue> {
    let asked = listed(headers, &CONNECTION).any(|token| token.eq_ignore_ascii_case("upgrade"));
    asked.then(|| headers.get(UPGRADE).cloned()).flatten()
}

/// Removes what concerns one connection alone.
pub(super) fn strip_hop_by_hop(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = listed(headers, &CONNECTION)
        .filter_map(|token| token.parse().ok())
        .collect();
    for name in named.iter().chain(&HOP_BY_HOP) {
        headers.remove(name);
    }
    headers.remove(UPGRADE);
}

/// Puts the change of protocol back in, after [`strip_hop_by_hop`].
pub(super) fn set_upgrade(headers: &mut HeaderMap, protocol: HeaderValue) {
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, protocol);
}

/// Lets a page be shown in a tab: what forbids frames goes, every other rule of its server stays.
pub(super) fn allow_framing(headers: &mut HeaderMap) {
    headers.remove(X_FRAME_OPTIONS);
    let policies: Vec<HeaderValue> = headers
        .get_all(CONTENT_SECURITY_POLICY)
        .iter()
        .filter_map(without_frame_ancestors)
        .collect();
    headers.remove(CONTENT_SECURITY_POLICY);
    for policy in policies {
        headers.append(CONTENT_SECURITY_POLICY, policy);
    }
}

/// A browser may keep what a server says so of, and nothing else: a reload shows what the learner has changed.
pub(super) fn forbid_guessing(headers: &mut HeaderMap) {
    if !headers.contains_key(CACHE_CONTROL) && !headers.contains_key(EXPIRES) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
}

fn without_frame_ancestors(policy: &HeaderValue) -> Option<HeaderValue> {
    let Ok(text) = policy.to_str() else {
        return Some(policy.clone());
    };
    let kept: Vec<String> = text
        .split(',')
        .map(|policy| {
            let directives = policy.split(';').map(str::trim).filter(|directive| {
                let name = directive.split_whitespace().next().unwrap_or_default();
                !name.is_empty() && !name.eq_ignore_ascii_case("frame-ancestors")
            });
            directives.collect::<Vec<_>>().join("; ")
        })
        .filter(|policy| !policy.is_empty())
        .collect();
    (!kept.is_empty()).then(|| HeaderValue::from_str(&kept.join(", ")).ok())?
}

/// The headers of a request that CORS asks about.
pub(super) struct CrossOrigin {
    origin: HeaderValue,
    method: Option<HeaderValue>,
    headers: Option<HeaderValue>,
}

impl CrossOrigin {
    /// When a page of the session asks a server of the session.
    pub(super) fn of(request: &HeaderMap, routes: &Routes) -> Option<Self> {
        let origin = request.get(ORIGIN)?;
        let url = url::Url::parse(origin.to_str().ok()?).ok()?;
        let ours = url.scheme() == "http" && routes.knows(url.host_str()?);
        ours.then(|| Self {
            origin: origin.clone(),
            method: request.get(ACCESS_CONTROL_REQUEST_METHOD).cloned(),
            headers: request.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned(),
        })
    }

    /// Lets that page read the answer, unless the server has rules of its own.
    pub(super) fn allow(self, response: &mut HeaderMap) {
        if response.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
            return;
        }
        response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, self.origin);
        response.insert(
            ACCESS_CONTROL_ALLOW_CREDENTIALS,
            HeaderValue::from_static("true"),
        );
        response.append(VARY, HeaderValue::from_static("origin"));
        for (name, value) in [
            (ACCESS_CONTROL_ALLOW_METHODS, self.method),
            (ACCESS_CONTROL_ALLOW_HEADERS, self.headers),
        ] {
            if let Some(value) = value {
                response.entry(name).or_insert(value);
            }
        }
    }
}

fn listed<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rule_about_frames_goes() {
        for (policy, kept) in [
            ("frame-ancestors 'none'", None),
            (
                "default-src 'self'; Frame-Ancestors 'self'; img-src *",
                Some("default-src 'self'; img-src *"),
            ),
            (
                "frame-ancestors 'none', script-src 'self'",
                Some("script-src 'self'"),
            ),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
            allow_framing(&mut headers);
            let left = headers.get(CONTENT_SECURITY_POLICY);
            assert_eq!(left.and_then(|left| left.to_str().ok()), kept, "{policy}");
            assert_eq!(headers.len(), usize::from(kept.is_some()));
        }
    }

    #[test]
    fn what_concerns_one_connection_stays_there() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Private, Upgrade"),
            ("x-private", "1"),
            ("upgrade", "websocket"),
            ("keep-alive", "timeout=5"),
            ("transfer-encoding", "chunked"),
            ("x-kept", "1"),
        ] {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let protocol = upgrade(&headers).unwrap();
        strip_hop_by_hop(&mut headers);
        assert_eq!(headers.keys().collect::<Vec<_>>(), ["x-kept"]);
        set_upgrade(&mut headers, protocol);
        assert_eq!(headers["upgrade"], "websocket");
        assert_eq!(upgrade(&headers).unwrap(), "websocket");
    }
}
