//! A loopback server over an HTTP client of the SDK: the practice account for the AWS CLI and other programs of this machine.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// The longest request: a policy document of 131,072 characters, percent-encoded, and room to spare.
const REQUEST_LIMIT: usize = 1 << 20;

const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A server that listens on the loopback address, and on no other.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    pub address: SocketAddr,
}

impl Server {
    /// Listens on this port; 0 takes a free one.
    ///
    /// # Errors
    /// The port is taken, or may not be used.
    pub async fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        Ok(Self { address: listener.local_addr()?, listener })
    }

    /// Answers with what `connector` answers, until `end`.
    pub async fn run(self, connector: SharedHttpConnector, end: impl Future<Output = ()>) {
        tokio::pin!(end);
        loop {
            let stream = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = &mut end => return,
            };
            let Ok((stream, _)) = stream else {
                // No more files, perhaps: a moment later there may be.
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            };
            let connector = connector.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| answer(connector.clone(), request));
                let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    }
}

async fn answer(connector: SharedHttpConnector, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    Ok(forward(&connector, request).await.unwrap_or_else(|| {
        let mut bad = Response::new(Full::new(Bytes::from_static(
            b"This is IAM's practice server; it reads IAM's and STS's query protocol.\n",
        )));
        *bad.status_mut() = StatusCode::BAD_REQUEST;
        bad
    }))
}

async fn forward(connector: &SharedHttpConnector, request: Request<Incoming>) -> Option<Response<Full<Bytes>>> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, REQUEST_LIMIT).collect().await.ok()?.to_bytes();
    let uri = format!("http://localhost{}", parts.uri.path_and_query()?);
    let mut forwarded = http::Request::builder().method(parts.method).uri(uri);
    if let Some(headers) = forwarded.headers_mut() {
        *headers = parts.headers;
    }
    let forwarded = HttpRequest::try_from(forwarded.body(SdkBody::from(body.to_vec())).ok()?).ok()?;
    let (parts, body) = connector.call(forwarded).await.ok()?.try_into_http1x().ok()?.into_parts();
    Some(Response::from_parts(parts, Full::new(Bytes::copy_from_slice(body.bytes()?))))
}
