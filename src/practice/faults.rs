//! A fault layer around an HTTP client: what a network, a proxy or IAM itself can do to a call. For tests of what the
//! program makes of it; the effect on the account is that of a real call.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// IAM refuses it with this code, status and message; no effect.
    Refused(&'static str, u16, &'static str),
    /// It is answered with this result in place of its own; no effect.
    Answered(&'static str),
    /// Nothing listens there; no effect.
    NoConnection,
    /// It takes effect, and the answer is lost (as hyper reports a closed connection).
    Lost,
    /// It takes effect, and the answer ends after this many bytes.
    Cut(usize),
    /// A 200 with a web page; no effect.
    WebPage,
    /// No answer ever; no effect.
    Hang,
}

/// Decides by a call's action, and how often that action was called before, whether there is trouble.
pub type Script = dyn Fn(&str, usize) -> Option<Trouble> + Send + Sync;

/// An HTTP client with trouble.
#[derive(Clone)]
pub struct Troubled {
    inner: SharedHttpConnector,
    script: Arc<Script>,
    calls: Arc<std::sync::Mutex<Vec<String>>>,
}

impl Troubled {
    /// `inner` with the trouble that `script` decides on.
    pub fn new(
        inner: impl HttpConnector + 'static,
        script: impl Fn(&str, usize) -> Option<Trouble> + Send + Sync + 'static,
    ) -> Self {
        Self { inner: SharedHttpConnector::new(inner), script: Arc::new(script), calls: Arc::default() }
    }

    /// The actions called so far, in order.
    pub fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for Troubled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Troubled(…)")
    }
}

fn made_up(status: u16, body: String) -> Result<HttpResponse, ConnectorError> {
    super::response(status, body, String::new())
}

impl HttpConnector for Troubled {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let form = form_urlencoded::parse(request.body().bytes().unwrap_or_default());
        let action = form.into_iter().find(|(name, _)| name == "Action").map(|(_, value)| value.into_owned()).unwrap_or_default();
        let earlier = {
            let mut calls = self.calls.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let earlier = calls.iter().filter(|call| **call == action).count();
            calls.push(action.clone());
            earlier
        };
        let inner = self.inner.clone();
        match (self.script)(&action, earlier) {
            None => inner.call(request),
            Some(Trouble::Refused(code, status, message)) => HttpConnectorFuture::ready(made_up(
                status,
                format!(
                    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>x</RequestId></ErrorResponse>"
                ),
            )),
            Some(Trouble::Answered(result)) => HttpConnectorFuture::ready(made_up(
                200,
                format!("<{action}Response><{action}Result>{result}</{action}Result></{action}Response>"),
            )),
            Some(Trouble::NoConnection) => HttpConnectorFuture::ready(Err(ConnectorError::io(
                std::io::Error::from(std::io::ErrorKind::ConnectionRefused).into(),
            ))),
            Some(Trouble::WebPage) => HttpConnectorFuture::ready(made_up(
                200,
                "<!doctype html><html><body>Sign in to the network</body></html>".to_owned(),
            )),
            Some(Trouble::Hang) => HttpConnectorFuture::new(std::future::pending()),
            Some(Trouble::Lost) => HttpConnectorFuture::new(async move {
                inner.call(request).await?;
                Err(ConnectorError::other("connection closed before message completed".into(), Some(ErrorKind::TransientError)))
            }),
            Some(Trouble::Cut(length)) => HttpConnectorFuture::new(async move {
                let mut answer = inner.call(request).await?;
                let whole = answer.body().bytes().unwrap_or_default();
                *answer.body_mut() = SdkBody::from(whole[..length.min(whole.len())].to_vec());
                Ok(answer)
            }),
        }
    }
}
