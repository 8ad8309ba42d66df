//! Devices: confirmed, remembered, and signed in on by a password that only the device knows.

use serde_json::{Value, json};
use tests::jwt;

use crate::device::{Device, SECRET, confirmed, gone, no_session, tell};
use crate::flows;
use crate::idp::{self, PASSWORD, admin, refused, tokens};
use crate::recorded::last_request;
use crate::recovery::person;
use crate::second_factors::{NUMBER, answer, begin, ines, prefer, stand_in};

#[test]
fn a_remembered_device_proves_itself() {
    let stand_in = stand_in(&["Devices=all"]);
    ines(&stand_in);
    let device = Device::named(&begin(&stand_in, "ines").unwrap());
    let before = flows::USER_PASSWORD_AUTH.was_fired(&stand_in, 0);
    let first = last_request(&stand_in, "PostAuthentication_Authentication");
    assert_eq!(first["newDeviceUsed"], true);
    let access = jwt::claims(device.tokens["AccessToken"].as_str().unwrap());
    assert_eq!(access["device_key"], device.key);
    let region = access["iss"].as_str().unwrap().contains("us-east-1");
    assert!(region && device.key.starts_with("us-east-1_"));
    let confirmed = device.confirm(&stand_in).unwrap();
    assert_eq!(confirmed, json!({"UserConfirmationNecessary": false}));
    let before = flows::CONFIRM_DEVICE.was_fired(&stand_in, before);

    let asked = device.begin(&stand_in, "ines").unwrap();
    assert_eq!(asked["ChallengeName"], "DEVICE_SRP_AUTH");
    let signed_in = device.prove(&stand_in, &asked, SECRET).unwrap();
    assert!(tokens(&signed_in)["NewDeviceMetadata"].is_null());
    let access = jwt::claims(tokens(&signed_in)["AccessToken"].as_str().unwrap());
    assert_eq!(access["device_key"], device.key);
    flows::DEVICE_SRP_AUTH.was_fired(&stand_in, before);
    let known = last_request(&stand_in, "PostAuthentication_Authentication");
    assert_eq!(known["newDeviceUsed"], false);

    // AWS's own examples do not bring the session back.
    let mut asked = device.begin(&stand_in, "ines").unwrap();
    asked["Session"] = Value::Null;
    device.prove(&stand_in, &asked, SECRET).unwrap();
    assert_eq!(
        device.prove(&stand_in, &asked, SECRET).unwrap_err(),
        no_session()
    );

    // By SRP the key stands beside the proof of the password.
    let (_, mut proof) = idp::srp(&stand_in, &stand_in.web_client, "ines", PASSWORD).unwrap();
    proof["DEVICE_KEY"] = json!(device.key);
    let web = &stand_in.web_client;
    let asked = idp::respond(&stand_in, web, "PASSWORD_VERIFIER", &Value::Null, proof).unwrap();
    device.prove(&stand_in, &asked, SECRET).unwrap();
}

#[test]
fn a_remembered_device_stands_in_for_the_second_factor_only_where_the_pool_says_so() {
    let instead = stand_in(&["Devices=all-instead-of-mfa", "Mfa=OPTIONAL"]);
    ines(&instead);
    let device = confirmed(&instead);
    prefer(&instead, "ines", &[("SMS", true)]).unwrap();
    assert_eq!(begin(&instead, "ines").unwrap()["ChallengeName"], "SMS_MFA");
    let asked = device.begin(&instead, "ines").unwrap();
    assert_eq!(asked["ChallengeName"], "DEVICE_SRP_AUTH");
    // The key alone is worth nothing.
    let wrong = refused("NotAuthorized", "Incorrect username or password.");
    let proven = device.prove(&instead, &asked, "guessed");
    assert_eq!(proven.unwrap_err(), wrong);
    let asked = device.begin(&instead, "ines").unwrap();
    device.prove(&instead, &asked, SECRET).unwrap();

    let besides = stand_in(&["Devices=all", "Mfa=OPTIONAL"]);
    ines(&besides);
    let device = confirmed(&besides);
    prefer(&besides, "ines", &[("SMS", true)]).unwrap();
    let before = flows::USER_PASSWORD_AUTH.fires.len();
    let asked = device.begin(&besides, "ines").unwrap();
    assert_eq!(asked["ChallengeName"], "SMS_MFA");
    let code = besides.code_for(NUMBER);
    let asked = answer(&besides, &asked, "ines", &[("SMS_MFA_CODE", &code)]).unwrap();
    assert_eq!(asked["ChallengeName"], "DEVICE_SRP_AUTH");
    device.prove(&besides, &asked, SECRET).unwrap();
    flows::MFA_AND_DEVICE_SRP_AUTH.was_fired(&besides, before);
}

#[test]
fn a_pool_may_leave_it_to_the_user_which_devices_are_remembered() {
    let stand_in = stand_in(&["Devices=asked"]);
    ines(&stand_in);
    let device = Device::named(&begin(&stand_in, "ines").unwrap());
    let confirmed = device.confirm(&stand_in).unwrap();
    assert_eq!(confirmed, json!({"UserConfirmationNecessary": true}));
    let signed_in = device.begin(&stand_in, "ines").unwrap();
    assert!(tokens(&signed_in)["AccessToken"].is_string());
    assert!(tokens(&signed_in)["NewDeviceMetadata"].is_null());
    let set = |status: &str| {
        let status = json!({"DeviceRememberedStatus": status});
        device.own(&stand_in, "UpdateDeviceStatus", status)
    };
    set("remembered").unwrap();
    let asked = device.begin(&stand_in, "ines").unwrap();
    assert_eq!(asked["ChallengeName"], "DEVICE_SRP_AUTH");
    // It is forgotten while it proves itself.
    let (begun, proof) = device.proof(&stand_in, &asked, SECRET).unwrap();
    set("not_remembered").unwrap();
    assert_eq!(tell(&stand_in, &begun, &proof).unwrap_err(), no_session());
    assert!(set("perhaps").is_err());
}

#[test]
fn tokens_of_a_device_are_refreshed_by_that_device() {
    let stand_in = stand_in(&["Devices=all"]);
    ines(&stand_in);
    let device = Device::named(&begin(&stand_in, "ines").unwrap());
    let invalid = refused("NotAuthorized", "Invalid Refresh Token.");
    let key = json!(device.key);
    // Not before it is confirmed.
    assert_eq!(device.refresh(&stand_in, key.clone()).unwrap_err(), invalid);
    device.confirm(&stand_in).unwrap();
    let refreshed = device.refresh(&stand_in, key.clone()).unwrap();
    let access = jwt::claims(tokens(&refreshed)["AccessToken"].as_str().unwrap());
    assert_eq!(access["device_key"], device.key);
    let other = confirmed(&stand_in);
    for wrong in [Value::Null, json!("us-east-1_other"), json!(other.key)] {
        assert_eq!(device.refresh(&stand_in, wrong).unwrap_err(), invalid);
    }
    device.own(&stand_in, "ForgetDevice", json!({})).unwrap();
    assert_eq!(device.refresh(&stand_in, key).unwrap_err(), invalid);
    other.refresh(&stand_in, json!(other.key)).unwrap();
}

#[test]
fn a_device_is_its_users_own() {
    let stand_in = stand_in(&["Devices=all-instead-of-mfa", "Mfa=OPTIONAL"]);
    ines(&stand_in);
    let device = confirmed(&stand_in);
    person(&stand_in, "eve", &[]);
    let eves = Device::named(&begin(&stand_in, "eve").unwrap());

    // Eve knows the key, its secret and her own password.
    assert_eq!(device.begin(&stand_in, "eve").unwrap_err(), gone());
    let stolen = Device {
        tokens: eves.tokens.clone(),
        key: device.key.clone(),
        group_key: device.group_key.clone(),
    };
    let invalid = refused("InvalidParameter", "Invalid device key given.");
    assert_eq!(stolen.confirm(&stand_in).unwrap_err(), invalid);
    for operation in ["GetDevice", "ForgetDevice", "UpdateDeviceStatus"] {
        let refusal = stolen.own(&stand_in, operation, json!({})).unwrap_err();
        assert_eq!(refusal, gone(), "{operation}");
    }
    // She cannot go on with a sign-in of hers as ines, nor with one of ines as herself.
    eves.confirm(&stand_in).unwrap();
    let asked = eves.begin(&stand_in, "eve").unwrap();
    assert_eq!(
        device.proof(&stand_in, &asked, SECRET).unwrap_err(),
        no_session()
    );
    let asked = device.begin(&stand_in, "ines").unwrap();
    let (begun, mut proof) = device.proof(&stand_in, &asked, SECRET).unwrap();
    proof.insert("DEVICE_KEY".to_owned(), eves.key.clone());
    assert!(tell(&stand_in, &begun, &proof).is_err());

    // Whoever has no password learns nothing by a key, whether the user exists or not.
    for name in ["ines", "nobody"] {
        let (_, mut proof) = idp::srp(
            &stand_in,
            &stand_in.web_client,
            name,
            "Wrong-Horse-19-Battery",
        )
        .unwrap();
        proof["DEVICE_KEY"] = json!("us-east-1_made-up");
        let web = &stand_in.web_client;
        let told = idp::respond(
            &stand_in,
            web,
            "PASSWORD_VERIFIER",
            &Value::Null,
            proof.clone(),
        );
        assert_eq!(told.unwrap_err(), gone());
        // AWS's client repeats its proof without the key, which must be worth what it was.
        proof["DEVICE_KEY"] = Value::Null;
        let told = idp::respond(&stand_in, web, "PASSWORD_VERIFIER", &Value::Null, proof);
        let wrong = refused("NotAuthorized", "Incorrect username or password.");
        assert_eq!(told.unwrap_err(), wrong);
    }
}

#[test]
fn a_device_is_confirmed_once_with_numbers_that_are_some() {
    let stand_in = stand_in(&["Devices=all"]);
    ines(&stand_in);
    let device = Device::named(&begin(&stand_in, "ines").unwrap());
    let config = |salt: &str, verifier: &str| {
        let config = json!({"Salt": salt, "PasswordVerifier": verifier});
        let more = json!({"DeviceSecretVerifierConfig": config});
        device.own(&stand_in, "ConfirmDevice", more)
    };
    let text = "Invalid device secret verifier config given.";
    for (salt, verifier) in [
        ("", "Aw=="),
        ("AQ==", ""),
        ("AQ==", "AA=="),
        ("?", "Aw=="),
        ("AQ==", "?"),
        ("AQEBAQEBAQEBAQEBAQEBAQEB", "Aw=="),
    ] {
        let refusal = config(salt, verifier).unwrap_err();
        assert_eq!(
            refusal,
            refused("InvalidParameter", text),
            "{salt} {verifier}"
        );
    }
    device.confirm(&stand_in).unwrap();
    let again = device.confirm(&stand_in).unwrap_err();
    assert_eq!(again, refused("DeviceKeyExists", "Device already exists"));
}

#[test]
fn devices_are_listed_to_their_user_and_to_administrators() {
    let stand_in = stand_in(&["Devices=all"]);
    ines(&stand_in);
    let (one, other) = (confirmed(&stand_in), confirmed(&stand_in));
    // One that was named and not confirmed is none.
    begin(&stand_in, "ines").unwrap();
    let key = json!({"DeviceKey": one.key});
    let shown = one.own(&stand_in, "GetDevice", json!({})).unwrap();
    assert_eq!(shown["Device"]["DeviceKey"], one.key);
    let by_administrator = admin(&stand_in, "AdminGetDevice", "ines", key.clone()).unwrap();
    assert_eq!(by_administrator, shown);
    let first = one
        .own(&stand_in, "ListDevices", json!({"Limit": 1}))
        .unwrap();
    let token = json!({"PaginationToken": first["PaginationToken"]});
    let second = one.own(&stand_in, "ListDevices", token).unwrap();
    let keys = |page: &Value| page["Devices"][0]["DeviceKey"].as_str().unwrap().to_owned();
    let mut expected = [one.key.clone(), other.key.clone()];
    expected.sort();
    assert_eq!([keys(&first), keys(&second)], expected);
    let all = || admin(&stand_in, "AdminListDevices", "ines", json!({})).unwrap();
    assert_eq!(all()["Devices"].as_array().unwrap().len(), 2);

    let mut status = key.clone();
    status["DeviceRememberedStatus"] = json!("not_remembered");
    admin(&stand_in, "AdminUpdateDeviceStatus", "ines", status).unwrap();
    let signed_in = one.begin(&stand_in, "ines").unwrap();
    assert!(tokens(&signed_in)["AccessToken"].is_string());
    admin(&stand_in, "AdminForgetDevice", "ines", key.clone()).unwrap();
    assert_eq!(one.begin(&stand_in, "ines").unwrap_err(), gone());
    assert_eq!(
        admin(&stand_in, "AdminGetDevice", "ines", key).unwrap_err(),
        gone()
    );
    admin(&stand_in, "AdminDeleteUser", "ines", json!({})).unwrap();
    ines(&stand_in);
    assert_eq!(all()["Devices"], json!([]));
}
