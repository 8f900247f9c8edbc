//! Addresses, hosts and URLs.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::text_value;

text_value! {
    /// An address to listen on: `0.0.0.0:8080`, `[::]:8080`, `localhost:8080`, or `:8080` for every
    /// address.
    Address, ADDRESS = "address", "an address and a port, such as `127.0.0.1:8080` or `:8080`",
    ["127.0.0.1:8080", "[::1]:8080", ":8080"],
    |text| parse_address(text).map(|_| ())
}

impl Address {
    /// This port on the loopback address.
    pub fn loopback(port: u16) -> Self {
        Self(format!("127.0.0.1:{port}"))
    }

    /// The address to bind; `:8080` binds every IPv6 and IPv4 address.
    pub fn socket(&self) -> SocketAddr {
        parse_address(&self.0).unwrap_or(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    }
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    if let Some((scheme, _)) = text.split_once("://") {
        return Err(format!(
            "`{text}`: a listener binds an address and a port, without `{scheme}://`"
        ));
    }
    let (host, port) = text.rsplit_once(':').ok_or_else(|| no_port(text))?;
    let port: u16 = port.parse().map_err(|_| {
        format!("`{port}` in `{text}` is not a port; a port is a number from 0 to 65535")
    })?;
    let ip = match host {
        "" => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        "localhost" => IpAddr::V4(Ipv4Addr::LOCALHOST),
        _ => match host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) => inner
                .parse::<Ipv6Addr>()
                .map(IpAddr::V6)
                .map_err(|_| format!("`{inner}` in `{text}` is not an IPv6 address"))?,
            None if host.contains(':') => {
                return Err(format!("an IPv6 address stands in brackets: `[{host}]:{port}`"));
            }
            None => host.parse::<Ipv4Addr>().map(IpAddr::V4).map_err(|_| {
                format!("`{host}` in `{text}` is not an IP address; a listener binds an address, not a name")
            })?,
        },
    };
    Ok(SocketAddr::new(ip, port))
}

/// A port alone is a common way to say "this port, everywhere".
fn no_port(text: &str) -> String {
    match text.parse::<u16>() {
        Ok(port) => format!("`{text}` is a port without an address; write for example `:{port}`"),
        Err(_) => format!("`{text}` has no port; write for example `{text}:8080`"),
    }
}

text_value! {
    /// Addresses of a network, or one address: `10.0.0.0/8`, `fd00::/8`, `192.168.1.7`.
    Network, NETWORK = "network", "a network or an address, such as `10.0.0.0/8` or `192.168.1.7`",
    ["10.0.0.0/8", "fd00::/8", "192.168.1.7"],
    |text| parse_network(text).map(|_| ())
}

impl Network {
    /// The address as IPv6 has it (IPv4 mapped, RFC 4291, section 2.5.5.2), and how many of its bits
    /// count.
    pub fn parts(&self) -> (u128, u8) {
        parse_network(&self.0).unwrap_or((0, 128))
    }
}

fn parse_network(text: &str) -> Result<(u128, u8), String> {
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, Some(bits)),
        None => (text, None),
    };
    let address: IpAddr = address
        .parse()
        .map_err(|_| format!("`{address}` in `{text}` is not an IP address"))?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        None => most,
        Some(bits) => bits
            .parse::<u8>()
            .ok()
            .filter(|count| *count <= most && bits.bytes().all(|byte| byte.is_ascii_digit()))
            .ok_or_else(|| {
                format!("`/{bits}` in `{text}` is not a number of bits from 0 to {most}")
            })?,
    };
    let value = match address {
        IpAddr::V4(address) => address.to_ipv6_mapped().to_bits(),
        IpAddr::V6(address) => address.to_bits(),
    };
    let rest = u128::MAX
        .checked_shr(u32::from(128 - most + bits))
        .unwrap_or(0);
    if value & rest != 0 {
        let first = Ipv6Addr::from_bits(value & !rest).to_canonical();
        return Err(format!(
            "`{text}` is one address within a network; the network is `{first}/{bits}`"
        ));
    }
    Ok((value, 128 - most + bits))
}

text_value! {
    /// An IP address.
    IpAddress, IP_ADDRESS = "ip-address", "an IP address, such as `192.168.1.7` or `fd00::1`",
    ["192.168.1.7", "fd00::1"],
    |text| match text.parse::<IpAddr>() {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("`{text}` is not an IP address")),
    }
}

impl IpAddress {
    /// The address.
    pub fn get(&self) -> IpAddr {
        self.0.parse().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))
    }
}

text_value! {
    /// A host to take requests for: `shop.example`, or `*.shop.example` for every name below it.
    Host, HOST = "host", "a host name, such as `shop.example` or `*.shop.example`",
    ["shop.example", "*.shop.example"],
    |text| parse_host(text).map(|_| ())
}

impl Host {
    /// The normal form: lower case, punycode, no trailing dot; a wildcard keeps its `*.`.
    pub fn normal(&self) -> String {
        parse_host(&self.0).unwrap_or_default()
    }
}

fn parse_host(text: &str) -> Result<String, String> {
    let (wildcard, name) = match text.strip_prefix("*.") {
        Some(name) => ("*.", name),
        None => ("", text),
    };
    if name.contains('*') {
        return Err(format!(
            "`{text}`: a wildcard stands for whole leading labels only, as in `*.shop.example`"
        ));
    }
    if name.parse::<Ipv4Addr>().is_ok() {
        return Ok(name.to_owned());
    }
    if let Some(inner) = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return match inner.parse::<Ipv6Addr>() {
            Ok(ip) => Ok(format!("[{ip}]")),
            Err(_) => Err(format!("`{text}` is not an IPv6 address in brackets")),
        };
    }
    if name.contains(':') {
        return Err(format!(
            "`{text}`: the port does not count in a host; leave it out"
        ));
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    let ascii = idna::domain_to_ascii(name).map_err(|_| format!("`{text}` is not a host name"))?;
    let sound = !ascii.is_empty()
        && ascii.len() <= 253
        && ascii.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        });
    match sound {
        true => Ok(format!("{wildcard}{ascii}")),
        false => Err(format!("`{text}` is not a host name")),
    }
}

text_value! {
    /// The URL of a server: `http://10.0.0.11:9000`, or `https://…` for TLS.
    Url, URL = "server-url", "the URL of a server, such as `http://10.0.0.11:9000`",
    ["http://10.0.0.11:9000", "https://orders.internal:8443/base"],
    |text| parse_url(text).map(|_| ())
}

impl Url {
    /// Whether TLS is spoken with the server.
    pub fn is_secure(&self) -> bool {
        self.parsed().is_some_and(|url| url.scheme() == "https")
    }

    /// The URL in its parts.
    pub fn parsed(&self) -> Option<url::Url> {
        parse_url(&self.0).ok()
    }
}

fn parse_url(text: &str) -> Result<url::Url, String> {
    let bare = text.strip_prefix("http://").unwrap_or(text);
    if bare.starts_with("unix:/") || bare.starts_with("unix:.") {
        return Err(format!(
            "`{text}` is a Unix socket, and servers are asked over TCP: have it listen on a port of 127.0.0.1"
        ));
    }
    if matches!(text, "http:" | "https:") {
        return Err(format!(
            "of the URL only `{text}` is left: outside of quotes `//` begins a comment"
        ));
    }
    if !text.contains("://") {
        return Err(format!(
            "`{text}` is not a URL: it must begin with `http://` or `https://`"
        ));
    }
    let url = url::Url::parse(text).map_err(|error| format!("`{text}` is not a URL: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!(
            "`{}://` is not a scheme a server can have here; use `http://` or `https://`",
            url.scheme()
        ));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(format!("`{text}` names no host"));
    }
    check_server_host(text, &url)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!(
            "`{text}`: the URL of a server has no `?` or `#` part"
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("the URL of a server holds no user name or password; set a header from a secret instead".to_owned());
    }
    Ok(url)
}

text_value! {
    /// The name in a server's certificate: `orders.internal`, or an IP address.
    ServerName, SERVER_NAME = "server-name", "the name in a server's certificate, such as `orders.internal`",
    ["orders.internal"],
    |text| parse_server_name(text).map(|_| ())
}

impl ServerName {
    /// The normal form: lower case, punycode, no trailing dot; an IPv6 address without brackets.
    pub fn normal(&self) -> String {
        parse_server_name(&self.0).unwrap_or_default()
    }
}

fn parse_server_name(text: &str) -> Result<String, String> {
    if text.starts_with("*.") {
        return Err(format!(
            "`{text}`: a server is asked for one name; a wildcard may stand in its certificate"
        ));
    }
    if let Ok(ip) = text.parse::<IpAddr>() {
        return Ok(ip.to_string());
    }
    parse_host(text).map(|host| {
        host.trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned()
    })
}

/// URLs may have more in a host than any name that can be looked up, such as `{` and `$`.
fn check_server_host(text: &str, url: &url::Url) -> Result<(), String> {
    let Some(url::Host::Domain(name)) = url.host() else {
        return Ok(());
    };
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if let Some(bad) = name.chars().find(|c| !sound(*c)) {
        return Err(format!(
            "`{text}`: a host name holds letters, digits, `-`, `_` and dots, found `{bad}`"
        ));
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    match name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len())) {
        true => Ok(()),
        false => Err(format!(
            "`{text}`: the parts of a host name between its dots are 1 to 63 characters long, 253 in all"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let socket = |text: &str| parse_address(text).map(|address| address.to_string());
        assert_eq!(socket("127.0.0.1:80").unwrap(), "127.0.0.1:80");
        assert_eq!(socket(":8080").unwrap(), "[::]:8080");
        assert_eq!(
            socket("::1:80").unwrap_err(),
            "an IPv6 address stands in brackets: `[::1]:80`"
        );
        assert_eq!(
            socket("0.0.0.0").unwrap_err(),
            "`0.0.0.0` has no port; write for example `0.0.0.0:8080`"
        );
        assert!(socket("1.2.3.4:70000").unwrap_err().contains("not a port"));
        assert_eq!(
            socket("8080").unwrap_err(),
            "`8080` is a port without an address; write for example `:8080`"
        );
        assert!(
            socket("http://127.0.0.1:80")
                .unwrap_err()
                .contains("without `http://`")
        );
    }

    #[test]
    fn hosts_have_one_normal_form() {
        let host = |text: &str| parse_host(text);
        assert_eq!(host("Shop.Example.").unwrap(), "shop.example");
        assert_eq!(host("*.Bücher.example").unwrap(), "*.xn--bcher-kva.example");
        assert!(host("a.*.example").is_err());
        assert!(host("shop.example:80").unwrap_err().contains("port"));
        assert!(host("").is_err());
    }

    #[test]
    fn names_of_servers() {
        let name = |text: &str| parse_server_name(text);
        assert_eq!(name("API.internal.").unwrap(), "api.internal");
        assert_eq!(name("::1").unwrap(), "::1");
        assert_eq!(name("[::1]").unwrap(), "::1");
        assert!(name("*.internal").unwrap_err().contains("one name"));
        assert!(name("").is_err());
    }

    #[test]
    fn urls_of_servers() {
        assert!(parse_url("http://10.0.0.1:9000").is_ok());
        assert!(parse_url("https://orders.internal/base").is_ok());
        for wrong in [
            "10.0.0.1:9000",
            "ftp://x",
            "http://",
            "http://u:p@h/",
            "http://h/?q",
            "http://${BACKEND_URL}",
            "http://$h",
            "http://{x}:80",
            "http://a..b",
            "http://h*",
            "unix:/run/app.sock",
            "http://unix:/run/app.sock",
            &format!("http://{}", "x".repeat(64)),
        ] {
            assert!(parse_url(wrong).is_err(), "{wrong}");
        }
        for right in [
            "http://[::1]:80",
            "http://unix:80",
            "http://a_b.example./base",
            "http://b\u{fc}cher",
        ] {
            assert!(parse_url(right).is_ok(), "{right}");
        }
    }
}
