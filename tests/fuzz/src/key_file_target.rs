//! Files of passwords, keys and public keys: any text is read or refused, and a key that is revoked stays
//! in its place.

use gated_identity::{KeySet, Keys, Passwords, revoke};

/// Reads the data as each kind of file.
///
/// # Panics
/// Where revoking a key does anything but that.
pub fn key_file(data: &[u8]) {
    let _ = KeySet::from_file(data);
    let _ = KeySet::from_json(data);
    let text = String::from_utf8_lossy(data);
    let _ = Passwords::parse(&text);
    let Ok(lines) = Keys::lines(&text) else {
        return;
    };
    for (_, line) in lines.iter().take(8) {
        let Ok((changed, count)) = revoke(&text, &line.id) else {
            panic!("{text:?} can be read, and nothing revoked in it");
        };
        let after = Keys::lines(&changed);
        let Ok(after) = after else {
            panic!("{text:?} became {changed:?}");
        };
        assert_eq!(after.len(), lines.len(), "{text:?} became {changed:?}");
        let mut revoked = 0;
        for ((number, was), (now_at, is)) in lines.iter().zip(&after) {
            let theirs = was.id == line.id;
            assert_eq!((number, &was.id, &was.claims), (now_at, &is.id, &is.claims));
            assert_eq!(
                is.revoked,
                was.revoked || theirs,
                "{text:?} became {changed:?}"
            );
            revoked += usize::from(is.revoked && !was.revoked);
        }
        assert_eq!(revoked, count);
    }
}
