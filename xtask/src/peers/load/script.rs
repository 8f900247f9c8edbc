//! Scripts in Lua for `wrk`, where the same request again and again will not do.

use std::path::PathBuf;

use crate::peers::place::Place;
use crate::peers::upstream::{BIG_BYTES, SINK};

/// Asks for `asked` of the routes `/svc0/` to `/svc(n-1)/`, one after the other, far apart from each
/// other.
///
/// # Errors
/// When the script cannot be written.
pub fn routes(place: &Place, routes: u32, asked: u32) -> Result<PathBuf, String> {
    let count = routes.min(asked);
    write(
        place,
        "routes.lua",
        &format!(
            "local requests = {{}}
function init(args)
  for i = 0, {count} - 1 do
    -- 7919 is a prime, so every route has its turn.
    requests[i] = wrk.format('GET', '/svc' .. ((i + 1) * 7919 % {routes}) .. '/item')
  end
end
local i = 0
function request()
  i = (i + 1) % {count}
  return requests[i]
end
"
        ),
    )
}

/// Asks for routes as [`routes`] does, but each connection waits some milliseconds between requests.
///
/// # Errors
/// When the script cannot be written.
pub fn unhurried(place: &Place, routes: u32, asked: u32, pause: u32) -> Result<PathBuf, String> {
    let script = self::routes(place, routes, asked)?;
    let failed = |error: std::io::Error| format!("cannot read the script: {error}");
    let text = std::fs::read_to_string(script).map_err(failed)?;
    let text = format!("{text}function delay() return {pause} end\n");
    write(place, "unhurried.lua", &text)
}

/// Sends a large body, which the upstream reads to its end.
///
/// # Errors
/// When the script cannot be written.
pub fn upload(place: &Place) -> Result<PathBuf, String> {
    let text = format!(
        "wrk.method = 'POST'\nwrk.path = '{SINK}'\nwrk.body = string.rep('x', {BIG_BYTES})\n"
    );
    write(place, "upload.lua", &text)
}

fn write(place: &Place, name: &str, text: &str) -> Result<PathBuf, String> {
    let file = place.file(name);
    std::fs::write(&file, text).map_err(|error| format!("cannot write `{name}`: {error}"))?;
    Ok(file)
}
