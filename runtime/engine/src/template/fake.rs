//! Made-up data: names, places and words that look right and belong to nobody. The words are few and
//! fixed, so that a test with fixed chance always sees the same ones.

use std::borrow::Cow;

use crate::environment::Environment;
use crate::program::ArchivedFake;

const FIRST_NAMES: &[&str] = &[
    "Ada", "Amir", "Ana", "Ben", "Chen", "Clara", "David", "Elif", "Emma", "Farid", "Grace",
    "Hana", "Ines", "Ivan", "Jonas", "Kofi", "Lena", "Lucas", "Maria", "Mei", "Nadia", "Noah",
    "Olga", "Omar", "Priya", "Quinn", "Rosa", "Samir", "Sofia", "Tom", "Uma", "Yuki",
];

const LAST_NAMES: &[&str] = &[
    "Andersen", "Baker", "Bianchi", "Chen", "Costa", "Diaz", "Dubois", "Fischer", "Garcia",
    "Haddad", "Hansen", "Ivanov", "Jansen", "Kaya", "Kim", "Kowalski", "Lopez", "Mbeki", "Meyer",
    "Miller", "Nakamura", "Novak", "Okafor", "Patel", "Rossi", "Santos", "Schmidt", "Silva",
    "Singh", "Smith", "Tanaka", "Weber",
];

const COMPANY_HEADS: &[&str] = &[
    "Alpine", "Amber", "Blue", "Cedar", "Coral", "Delta", "Harbour", "Juniper", "Lumen", "Maple",
    "Meadow", "North", "Oak", "Silver", "Summit", "Willow",
];

const COMPANY_TAILS: &[&str] = &[
    "Foods", "Freight", "Garden", "Glass", "Labs", "Mills", "Motors", "Optics", "Paper", "Press",
    "Software", "Supply", "Systems", "Textiles", "Tools", "Works",
];

const CITIES: &[&str] = &[
    "Amsterdam",
    "Athens",
    "Bergen",
    "Bogotá",
    "Busan",
    "Cape Town",
    "Dublin",
    "Hanoi",
    "Kraków",
    "Kyoto",
    "Leipzig",
    "Lima",
    "Lisbon",
    "Lyon",
    "Montréal",
    "Mumbai",
    "Nairobi",
    "Oslo",
    "Porto",
    "Quito",
    "Riga",
    "Seattle",
    "Tallinn",
    "Turin",
];

const COUNTRIES: &[&str] = &[
    "Argentina",
    "Australia",
    "Brazil",
    "Canada",
    "Chile",
    "Denmark",
    "Egypt",
    "Finland",
    "France",
    "Germany",
    "Ghana",
    "India",
    "Ireland",
    "Italy",
    "Japan",
    "Kenya",
    "Mexico",
    "Norway",
    "Poland",
    "Portugal",
    "Spain",
    "Türkiye",
    "Uruguay",
    "Vietnam",
];

const WORDS: &[&str] = &[
    "apple", "bridge", "candle", "cloud", "dance", "early", "forest", "garden", "gentle",
    "harbour", "island", "journey", "kettle", "lantern", "letter", "meadow", "morning", "needle",
    "ocean", "paper", "quiet", "river", "silver", "stone", "summer", "table", "thread", "valley",
    "window", "winter", "yellow", "zebra",
];

/// A made-up value.
pub(super) fn value(kind: &ArchivedFake, environment: &dyn Environment) -> Cow<'static, str> {
    let pick = |words: &'static [&'static str]| pick(words, environment.random());
    match kind {
        ArchivedFake::Name => format!("{} {}", pick(FIRST_NAMES), pick(LAST_NAMES)).into(),
        ArchivedFake::FirstName => pick(FIRST_NAMES).into(),
        ArchivedFake::LastName => pick(LAST_NAMES).into(),
        ArchivedFake::Email => format!(
            "{}.{}@example.{}",
            pick(FIRST_NAMES).to_lowercase(),
            pick(LAST_NAMES).to_lowercase(),
            pick(&["com", "org", "net"])
        )
        .into(),
        ArchivedFake::Company => format!("{} {}", pick(COMPANY_HEADS), pick(COMPANY_TAILS)).into(),
        ArchivedFake::City => pick(CITIES).into(),
        ArchivedFake::Country => pick(COUNTRIES).into(),
        ArchivedFake::Word => pick(WORDS).into(),
        ArchivedFake::Sentence => sentence(environment).into(),
        ArchivedFake::Boolean => pick(&["true", "false"]).into(),
    }
}

/// Five to nine words, the first with a capital, and a full stop.
fn sentence(environment: &dyn Environment) -> String {
    let count = 5 + environment.random() % 5;
    let words: Vec<&str> = (0..count)
        .map(|_| pick(WORDS, environment.random()))
        .collect();
    let text = words.join(" ");
    let (first, rest) = text.split_at_checked(1).unwrap_or_default();
    format!("{}{rest}.", first.to_uppercase())
}

fn pick(words: &'static [&'static str], random: u64) -> &'static str {
    let index = (u128::from(random) * words.len() as u128) >> 64;
    usize::try_from(index)
        .ok()
        .and_then(|index| words.get(index))
        .copied()
        .unwrap_or_default()
}
