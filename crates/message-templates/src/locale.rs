/// The language of a message: the first that is wanted and exists, or else the default.
pub(crate) fn choose<'a>(
    languages: impl IntoIterator<Item = &'a str> + Clone,
    wanted: [Option<&str>; 2],
    default: &'a str,
) -> &'a str {
    let mut wanted = wanted.into_iter().flatten();
    wanted
        .find_map(|locale| matching(languages.clone(), locale))
        .unwrap_or(default)
}

/// The language that is closest to a locale, such as `de` to `de-DE` (RFC 4647, section 3.4). Some providers write `de_DE`.
pub(crate) fn matching<'a>(
    languages: impl IntoIterator<Item = &'a str> + Clone,
    locale: &str,
) -> Option<&'a str> {
    let locale = locale.trim().replace('_', "-");
    let mut range = locale.as_str();
    loop {
        let mut languages = languages.clone().into_iter();
        if let Some(language) = languages.find(|language| language.eq_ignore_ascii_case(range)) {
            return Some(language);
        }
        (range, _) = range.rsplit_once('-')?;
    }
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn the_first_locale_whose_language_exists() {
        let languages = ["de", "en", "pt-BR", "zh-Hant"];
        for (attribute, metadata, expected) in [
            (None, None, "en"),
            (Some("de"), None, "de"),
            (Some("de-DE"), None, "de"),
            (Some("de_AT"), None, "de"),
            (Some("DE-ch-1901"), None, "de"),
            (Some(" de-DE "), None, "de"),
            (Some("zh-Hant-TW"), None, "zh-Hant"),
            (Some("pt-br"), None, "pt-BR"),
            (Some("pt-PT"), None, "en"),
            (Some("fr-FR"), None, "en"),
            (Some("fr-FR"), Some("de-DE"), "de"),
            (Some("de-DE"), Some("en-GB"), "de"),
            (None, Some("de"), "de"),
            (Some(""), Some("de"), "de"),
            (Some("deutsch"), None, "en"),
            (Some("../../etc"), None, "en"),
            (Some("clients"), None, "en"),
            (Some("{####}"), None, "en"),
            (Some("-"), None, "en"),
        ] {
            let chosen = choose(languages, [attribute, metadata], "en");
            assert_eq!(chosen, expected, "{attribute:?}, {metadata:?}");
        }
    }

    #[test]
    fn a_hostile_locale_costs_little() {
        let long = "de-".repeat(50_000);
        assert_eq!(choose(["de"], [Some(&long), None], "en"), "de");
    }
}
