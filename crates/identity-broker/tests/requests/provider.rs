//! An OpenID provider on the loopback: discovery and keys, as long as it answers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::signers::{POOL, PROVIDER};

/// A provider, and what it answers each path with.
#[derive(Clone)]
pub(crate) struct Provider {
    url: String,
    answers: Arc<Mutex<BTreeMap<String, String>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let provider = Self {
            answers: Arc::default(),
            asked: Arc::default(),
            url,
        };
        provider.answer("/keys", &json!({"keys": [PROVIDER.named_key()]}));
        provider.answer("/pool-keys", &json!({"keys": [pool_key()]}));
        provider.answer(
            "/.well-known/openid-configuration",
            &json!({"issuer": provider.url, "jwks_uri": format!("{}/keys", provider.url)}),
        );
        let serving = provider.clone();
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, serving.clone()));
            }
        });
        provider
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Has it answer so from now on.
    pub(crate) fn answer(&self, path: &str, json: &Value) {
        let body = json.to_string();
        self.answer_with(path, "200 OK", &body);
    }

    pub(crate) fn answer_with(&self, path: &str, status: &str, body: &str) {
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nlocation: /keys\r\nconnection: close\r\n\r\n{body}"
        );
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    /// The paths that were asked for since this was asked last.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn pool_key() -> Value {
    let mut key = POOL.named_key();
    key["alg"] = "RS512".into();
    key
}

async fn serve(mut connection: TcpStream, provider: Provider) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut part = [0; 1_024];
        match connection.read(&mut part).await {
            Ok(0) | Err(_) => return,
            Ok(length) => request.extend_from_slice(&part[..length]),
        }
    }
    let request = String::from_utf8(request).unwrap();
    let path = request.split(' ').nth(1).unwrap().to_owned();
    let answer = provider.answers.lock().unwrap().get(&path).cloned();
    provider.asked.lock().unwrap().push(path);
    if let Some(answer) = answer {
        // A client that has read enough is gone already.
        drop(connection.write_all(answer.as_bytes()).await);
    }
}
