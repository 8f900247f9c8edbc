//! How requests are passed on, each way once: of ten thousand routes to one upstream, most say the same.

use std::collections::HashMap;

use gated_engine::program::Proxy;

/// The ways in the order in which they are first met.
#[derive(Default)]
pub(super) struct Proxies {
    list: Vec<Proxy>,
    /// Those without templates, by everything else: upstream, segments taken off, time.
    plain: HashMap<(u32, u16, Option<u64>), u32>,
}

impl Proxies {
    /// The number of a way, which is added unless it is there.
    pub(super) fn number(&mut self, proxy: Proxy) -> u32 {
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let is_plain = proxy.path.is_none() && proxy.host.is_none();
        let key = (proxy.upstream, proxy.strip_segments, proxy.timeout_ms);
        let number = match is_plain {
            true => *self.plain.entry(key).or_insert(next),
            false => next,
        };
        if number == next {
            self.list.push(proxy);
        }
        number
    }

    pub(super) fn into_list(self) -> Vec<Proxy> {
        self.list
    }
}

#[cfg(test)]
mod tests {
    use gated_engine::program::{Proxy, Template};

    use super::Proxies;

    #[test]
    fn what_is_alike_is_kept_once() {
        let plain = |upstream, timeout_ms| Proxy {
            upstream,
            path: None,
            strip_segments: 0,
            host: None,
            timeout_ms,
        };
        let named = Proxy {
            host: Some(Template::default()),
            ..plain(0, None)
        };
        let mut proxies = Proxies::default();
        let given = [
            plain(0, None),
            plain(1, None),
            plain(0, None),
            named.clone(),
            named,
            plain(0, Some(7)),
            plain(1, None),
        ];
        let numbers = given.clone().map(|proxy| proxies.number(proxy));
        assert_eq!(numbers, [0, 1, 0, 2, 3, 4, 1]);
        let list = proxies.into_list();
        for (proxy, number) in given.iter().zip(numbers) {
            assert_eq!(list.get(number as usize), Some(proxy));
        }
    }
}
