//! Writes the disposable domains that the crate `mailchecker` collects as one text that is small in the function's zip and is searched as
//! it stands. Linked as it is, that crate is an array of 56,000 pointers, each of which the loader relocates at every start: measured,
//! 0.8 ms and 3.1 MB of binary. A domain a line is 0.84 MB, and 310 kB of the zip; this is 0.49 MB and 234 kB:
//!
//! ```text
//! com 164257 mailinaterIorKs mailnesia …
//! ```
//!
//! A line is an ending, how many bytes the list has before it, and these: names in order. The one behind a space is whole. One behind a
//! capital begins as the name before it, with none of its characters for `A` and 25 for `Z`, so that this line lists `mailinater.com`,
//! `mailinator.com`, `mailinators.com` and `mailnesia.com`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::error::Error;
use std::path::Path;

/// So many names begin with a whole one, which is where the search looks; half as many make the zip 2 kB larger.
const BLOCK: usize = 64;

/// What `Z` stands for.
const MOST_SHARED: usize = 25;

fn main() -> Result<(), Box<dyn Error>> {
    let listed: HashSet<&str> = mailchecker::blacklist().into_iter().collect();
    let mut endings = BTreeMap::<&str, Vec<&str>>::new();
    for domain in &listed {
        let mut parents = domain.match_indices('.').map(|(dot, _)| &domain[dot + 1..]);
        // A domain covers those under it, so they need not be listed besides.
        if !parents.any(|parent| listed.contains(parent)) {
            let (name, ending) = domain.rsplit_once('.').ok_or("a domain without a dot")?;
            endings.entry(ending).or_default().push(name);
        }
    }
    let mut endings: Vec<_> = endings.into_iter().collect();
    // Who got a domain of `cf`, `ga`, `gq`, `ml` or `tk` for nothing mostly took all five: side by side they deflate to 40 kB less than in
    // the order of the alphabet.
    endings.sort_by_key(|(_, names)| Reverse(names.len()));
    let mut text = String::new();
    for (ending, mut names) in endings {
        names.sort_unstable();
        let blocks: Vec<_> = names.chunks(BLOCK).map(front_coded).collect();
        let names = blocks.join(" ");
        text += &format!("{ending} {} {names}\n", names.len());
    }
    let file = Path::new(&std::env::var("OUT_DIR")?).join("disposable-domains.txt");
    std::fs::write(file, text)?;
    Ok(())
}

fn front_coded(names: &[&str]) -> String {
    let mut block = names[..1].concat();
    for (before, name) in names.iter().zip(&names[1..]) {
        let pairs = before.bytes().zip(name.bytes()).take(MOST_SHARED);
        let shared = pairs.take_while(|(one, other)| one == other).count();
        block.extend(('A'..='Z').nth(shared));
        block += &name[shared..];
    }
    block
}
