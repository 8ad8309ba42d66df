use crate::template::place::Place;
use crate::template::properties::Properties;
use crate::template::{STANDARD_ATTRIBUTES, SchemaAttribute};

/// The most characters of a name, the prefix aside. Source: Cognito's API reference, `SchemaAttributeType`; the standard ones are longer.
const LONGEST_NAME: usize = 20;

/// One attribute of a pool's `Schema`.
pub(super) fn read(attribute: &mut Properties) -> SchemaAttribute {
    let name = attribute.required_text("Name");
    let standard = STANDARD_ATTRIBUTES.contains(&name.as_str());
    described(attribute, name, standard)
}

/// One of the attributes that are added to a pool: all of them are custom, whatever they are called.
pub(in crate::template) fn read_custom(attribute: &mut Properties) -> SchemaAttribute {
    let name = attribute.required_text("Name");
    described(attribute, name, false)
}

fn described(attribute: &mut Properties, name: String, standard: bool) -> SchemaAttribute {
    let developer_only = attribute.flag("DeveloperOnlyAttribute").unwrap_or(false);
    let prefix = match (standard, developer_only) {
        (true, _) => "",
        (false, true) => "dev:",
        (false, false) => "custom:",
    };
    if !standard && !(1..=LONGEST_NAME).contains(&name.chars().count())
        || name.contains(char::is_whitespace)
    {
        attribute.place("Name").problem(format_args!(
            "expected 1 to {LONGEST_NAME} characters without blanks"
        ));
    }
    let required = attribute.flag("Required").unwrap_or(false);
    if required && !prefix.is_empty() {
        attribute
            .place("Required")
            .problem("Cognito requires no custom attribute");
    }
    let types = ["String", "Number", "DateTime", "Boolean"];
    let data_type = attribute.word("AttributeDataType", &types);
    let lengths = attribute.within("StringAttributeConstraints", |lengths| {
        (bound(lengths, "MinLength"), bound(lengths, "MaxLength"))
    });
    let values = attribute.within("NumberAttributeConstraints", |values| {
        (bound(values, "MinValue"), bound(values, "MaxValue"))
    });
    let (min, max) = lengths.or(values).unwrap_or_default();
    SchemaAttribute {
        name: format!("{prefix}{name}"),
        data_type: data_type.unwrap_or_else(|| "String".to_owned()),
        mutable: attribute.flag("Mutable").unwrap_or(true),
        required,
        min,
        max,
    }
}

fn bound(constraints: &mut Properties, name: &str) -> Option<i64> {
    let text = constraints.text(name)?;
    let bound = text.parse().ok();
    if bound.is_none() {
        constraints.place(name).problem("expected a whole number");
    }
    bound
}

/// The most custom attributes of a pool. Source: Cognito Developer Guide, "Quotas".
pub(in crate::template) const MOST_CUSTOM: usize = 50;

/// Checks that no attribute is there twice, and that they are not too many.
pub(super) fn check_all(schema: &[SchemaAttribute], place: &Place) {
    for (index, attribute) in schema.iter().enumerate() {
        let mut before = schema[..index].iter();
        if before.any(|other| other.name == attribute.name) {
            place
                .item(index)
                .problem(format_args!("{} is there before", attribute.name));
        }
    }
    let custom = schema
        .iter()
        .filter(|attribute| attribute.name.contains(':'));
    if custom.count() > MOST_CUSTOM {
        place.problem(format_args!(
            "expected at most {MOST_CUSTOM} custom attributes"
        ));
    }
}

/// Checks that a pool has these attributes.
pub(super) fn check(names: Option<&[String]>, schema: &[SchemaAttribute], place: &Place) {
    for (index, name) in names.unwrap_or_default().iter().enumerate() {
        let declared = schema.iter().any(|attribute| attribute.name == *name);
        if !declared && !STANDARD_ATTRIBUTES.contains(&name.as_str()) {
            place
                .item(index)
                .problem(format_args!("the user pool has no attribute {name}"));
        }
    }
}
