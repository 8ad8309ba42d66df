use crate::template::properties::Properties;
use crate::template::{Permission, Stack};

/// A permission, and the function that it is for: by its name, ARN, or account and name.
pub(super) struct Granted {
    function: String,
    permission: Permission,
}

pub(super) fn read(logical_id: &str, properties: &mut Properties) -> Granted {
    Granted {
        function: properties.required_text("FunctionName"),
        permission: Permission {
            statement_id: logical_id.to_owned(),
            action: properties.required_text("Action"),
            principal: properties.required_text("Principal"),
            source_arn: properties.text("SourceArn"),
            source_account: properties.text("SourceAccount"),
        },
    }
}

/// Gives each function its permissions.
pub(super) fn apply(granted: Vec<Granted>, stack: &mut Stack) {
    for Granted {
        function: name,
        permission,
    } in granted
    {
        let account = &stack.account_id;
        let function = stack.functions.iter_mut().find(|function| {
            let partial_arn = format!("{account}:function:{}", function.name);
            [&function.name, &function.arn, &partial_arn].contains(&&name)
        });
        if let Some(function) = function {
            function.permissions.push(permission);
        }
    }
}
