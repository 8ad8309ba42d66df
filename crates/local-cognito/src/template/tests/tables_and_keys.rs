//! Tables with streams, keys with aliases.

use serde_json::json;

use super::{check_refused, loaded, resources};
use crate::template::KeySpec;

#[test]
fn a_table_can_have_a_stream_and_others_can_read_it() {
    let text = |stream: &str| {
        format!(
            "
Resources:
  T:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{{AttributeName: a, KeyType: HASH}}, {{AttributeName: b, KeyType: RANGE}}]
      AttributeDefinitions: [{{AttributeName: a, AttributeType: S}}, {{AttributeName: b, AttributeType: S}}]
      {stream}
  P: {{Type: AWS::Pipes::Pipe, Properties: {{Source: !GetAtt T.StreamArn, Target: !GetAtt Q.Arn}}}}
  Q: {{Type: AWS::SQS::Queue}}"
        )
    };
    let stack = loaded(&text("StreamSpecification: {StreamViewType: NEW_IMAGE}")).unwrap();
    assert_eq!(
        stack.tables[0].create_table["StreamSpecification"],
        json!({"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"})
    );
    check_refused(
        "no stream",
        &text(""),
        &[
            "Resources.P.Properties.Source.Fn::GetAtt: T.StreamArn is not understood by local-cognito",
        ],
    );
}

#[test]
fn keys_are_made_and_known_by_their_aliases() {
    let text = |key: &str, alias: &str| {
        format!(
            "
Resources:
  K: {{Type: AWS::KMS::Key, Properties: {{{key}}}}}
  A: {{Type: AWS::KMS::Alias, Properties: {{AliasName: {alias}, TargetKeyId: !Ref K}}}}
Outputs: {{Id: {{Value: !GetAtt K.KeyId}}, Arn: {{Value: !GetAtt K.Arn}}, Alias: {{Value: !Ref A}}}}"
        )
    };
    let hmac = "KeySpec: HMAC_256, KeyUsage: GENERATE_VERIFY_MAC";
    for (properties, spec, enabled) in [
        ("EnableKeyRotation: true", KeySpec::SymmetricDefault, true),
        (hmac, KeySpec::Hmac256, true),
        ("Enabled: false", KeySpec::SymmetricDefault, false),
    ] {
        let stack = loaded(&text(properties, "alias/codes")).unwrap();
        let [key] = stack.keys.as_slice() else {
            panic!("{properties}: {:?}", stack.keys);
        };
        assert_eq!((key.spec, key.enabled), (spec, enabled), "{properties}");
        assert_eq!(key.aliases, ["alias/codes"]);
        assert_eq!(stack.outputs["Id"], key.id);
        assert_eq!(stack.outputs["Alias"], "alias/codes");
        let arn = format!("arn:aws:kms:us-east-1:123456789012:key/{}", key.id);
        assert_eq!((&stack.outputs["Arn"], &key.arn), (&arn, &arn));
        assert_eq!(key.id.len(), 36, "{}", key.id);
    }
    let place = "Resources.K.Properties";
    for (properties, problem) in [
        (
            "KeySpec: HMAC_256",
            format!("{place}.KeyUsage: expected GENERATE_VERIFY_MAC"),
        ),
        (
            "KeySpec: HMAC_256, KeyUsage: GENERATE_VERIFY_MAC, EnableKeyRotation: true",
            format!("{place}.EnableKeyRotation: only keys that encrypt can rotate"),
        ),
        (
            "KeySpec: RSA_2048",
            format!(
                "{place}.KeySpec: RSA_2048 is not understood by local-cognito; it knows SYMMETRIC_DEFAULT, HMAC_256"
            ),
        ),
        (
            "KeyUsage: SIGN_VERIFY",
            format!(
                "{place}.KeyUsage: SIGN_VERIFY is not understood by local-cognito; it knows ENCRYPT_DECRYPT"
            ),
        ),
        (
            "MultiRegion: true",
            format!("{place}.MultiRegion: true is not understood by local-cognito; it knows false"),
        ),
    ] {
        check_refused(properties, &text(properties, "alias/codes"), &[&problem]);
    }
    for alias in ["codes", "alias/", "alias/aws/codes", "alias/my codes"] {
        let problem = "Resources.A.Properties.AliasName: expected alias/ and a name behind it that is not AWS's";
        check_refused(alias, &text(hmac, alias), &[problem]);
    }
    check_refused(
        "an alias of nothing",
        &resources(
            "  A: {Type: AWS::KMS::Alias, Properties: {AliasName: alias/a, TargetKeyId: b}}",
        ),
        &["Resources.A.Properties.TargetKeyId: no key of this template has this id"],
    );
}
