//! What a word can be: one bit for each section of the files in `rules/names`.

/// A set of roles.
pub(super) type Roles = u64;

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident = $section:literal,)*) => {
        roles!(@number 0u32; $($(#[$doc])* $name = $section,)*);
        /// Sections of the files, and their bits.
        pub(super) const SECTIONS: &[(&str, Roles)] = &[$(($section, $name)),*];
    };
    (@number $n:expr; $(#[$doc:meta])* $name:ident = $section:literal, $($rest:tt)*) => {
        $(#[$doc])*
        pub(super) const $name: Roles = 1 << ($n);
        roles!(@number $n + 1; $($rest)*);
    };
    (@number $n:expr;) => {};
}

roles! {
    COMMON = "common",
    FUNCTION = "function",
    FILLER = "filler",
    GIVEN_FREQUENT = "given.frequent",
    GIVEN_RARE = "given",
    SURNAME_FREQUENT = "surname.frequent",
    SURNAME_RARE = "surname",
    CITY = "city",
    CITY_PART = "city.part",
    TITLE = "title",
    PARTICLE = "particle",
    SUFFIX = "suffix",
    STREET = "street",
    STREET_SURE = "street.sure",
    STREET_FIRST = "street.first",
    UNIT = "unit",
    BOX = "box",
    DIRECTION = "direction",
    NUMBER = "number",
    MEASURE = "measure",
    MONTH = "month",
    ORGANISATION = "organisation",
    ORGANISATION_BEFORE = "organisation.before",
    DOES = "does",
    KIN = "kin",
    PAY = "pay",
    STATE = "state",
    STATE_CODE = "state.code",
    MILITARY = "military",
    COUNTRY = "country",
    LOCATES = "locates",
    CORNER = "corner",
    JOINS = "joins",
    THINKING = "thinking",
    THING = "thing",
    ARTICLE = "article",
    BE = "be",
}

/// A given name.
pub(super) const GIVEN: Roles = GIVEN_FREQUENT | GIVEN_RARE;
/// A family name.
pub(super) const SURNAME: Roles = SURNAME_FREQUENT | SURNAME_RARE;
/// A name of either sort.
pub(super) const LISTED: Roles = GIVEN | SURNAME;
/// Some place.
pub(super) const PLACE: Roles = CITY | STATE | COUNTRY;
/// No proof of a name, even if it is one.
pub(super) const ORDINARY: Roles = COMMON | FUNCTION | MONTH;
/// Not a section: some phrase ends with this word.
pub(super) const ENDS_PHRASE: Roles = 1 << 63;
/// Not a section: some organisation starts with this word.
pub(super) const STARTS_ORGANISATION: Roles = 1 << 62;
/// What is no more than a mark for phrases.
pub(super) const PHRASES: Roles = ENDS_PHRASE | STARTS_ORGANISATION;
