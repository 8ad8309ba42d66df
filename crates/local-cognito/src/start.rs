use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use bytes::Bytes;
use embedded_dynamodb::Tables;
use tokio::net::TcpListener;

use crate::access::Decisions;
use crate::calls::Calls;
use crate::clock::Clock;
use crate::credentials::AccessKeys;
use crate::functions::{Functions, Invocation, LogSink, Settings};
use crate::identity_pool::{IdentityPool, OpenIdKey};
use crate::issuer::{Issuer, IssuerStyle};
use crate::kms::Kms;
use crate::outbox::Outbox;
use crate::parameter_store::ParameterStore;
use crate::pools::Pools;
use crate::providers::Faults;
use crate::roles::Roles;
use crate::s3::{Objects, S3};
use crate::saved::{Saved, Unusable};
use crate::stand_in::StandIn;
use crate::strictness::Strictness;
use crate::template::{self, Stack, TemplateError};
use crate::user_pool::UserPool;
use crate::{ids, server, stack_view};

/// How often the state is written to the data directory, if there is one.
const SAVE_EVERY: Duration = Duration::from_secs(1);

/// What can be chosen about a stand-in.
pub struct Options {
    /// The port on the loopback interface; 0 takes a free one.
    pub port: u16,
    /// The template that is deployed.
    pub template: PathBuf,
    /// Values for the template's parameters.
    pub parameters: BTreeMap<String, String>,
    /// Fixed ids of pools and clients, by logical id.
    pub ids: BTreeMap<String, String>,
    /// The account that ARNs bear.
    pub account_id: String,
    /// The region that ids and ARNs bear.
    pub region: String,
    /// Which issuer the tokens bear.
    pub issuer: IssuerStyle,
    /// Whether functions are held to what AWS is known to accept, and not only to what it is known to refuse.
    pub strict: bool,
    /// Where the state is kept across restarts; in memory alone if absent. What clients make at run time is always in memory alone.
    pub data_dir: Option<PathBuf>,
    /// The directory of the functions' binaries.
    pub functions: PathBuf,
    /// Takes what the functions print, line by line.
    pub log: Arc<dyn Fn(&str) + Send + Sync>,
}

/// Why a stand-in could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Something in the template is wrong, or is not understood; every such place is named.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The port is taken, or may not be taken.
    #[error("failed to listen on port {port}: {cause}; another one can be chosen with --port")]
    Port {
        /// The port that was asked for.
        port: u16,
        /// What the system says.
        cause: io::Error,
    },
    /// The data directory cannot be used.
    #[error(transparent)]
    Data(#[from] Unusable),
    /// A table of the template could not be made.
    #[error("failed to make the table {table}: {cause}")]
    Table {
        /// The table's logical id.
        table: String,
        /// What DynamoDB would say.
        cause: String,
    },
}

/// A stand-in that serves.
pub struct Running {
    stand_in: Arc<StandIn>,
    s3: S3,
    listener: TcpListener,
    saved: Option<Saved>,
}

/// Reads the template, makes what it describes, and takes the port.
///
/// # Errors
///
/// [`StartError`]
pub async fn start(options: Options) -> Result<Running, StartError> {
    let settings = template::Settings {
        region: options.region,
        account_id: options.account_id,
        stack_name: "local".to_owned(),
        parameters: options.parameters,
        ids: options.ids,
    };
    let stack = template::load(&options.template, &settings)?;

    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, options.port));
    let taken = |cause| StartError::Port {
        port: options.port,
        cause,
    };
    let listener = TcpListener::bind(address).await.map_err(taken)?;
    let endpoint = format!("http://{}", listener.local_addr().map_err(taken)?);

    let clock = Clock::default();
    let saved = options.data_dir.as_deref().map(Saved::open).transpose()?;
    let tables = open_tables(&stack, saved.as_ref())?;
    let objects = Objects::open(&stack, saved.as_ref())?;
    let pools = stack.user_pools.iter().map(|config| {
        let pool = match &saved {
            Some(saved) => saved.pool(config, clock.now())?,
            None => Saved::fresh_pool(config, clock.now()),
        };
        Ok(pool)
    });
    let pools: Vec<UserPool> = pools.collect::<Result<_, StartError>>()?;
    let identity_pools = stack.identity_pools.iter().map(|config| match &saved {
        Some(saved) => saved.identity_pool(config),
        None => Ok(IdentityPool::new(config.clone(), None)),
    });
    let identity_pools = identity_pools.collect::<Result<Vec<_>, _>>()?;
    let open_id_key = match &saved {
        Some(saved) => saved.open_id_key(&stack.region)?,
        None => OpenIdKey::generate(&stack.region),
    };
    let key_secret = match &saved {
        Some(saved) => saved.key_secret()?,
        None => ids::random(),
    };
    let functions = Settings::new(
        options.functions,
        endpoint.clone(),
        stack.region.clone(),
        stack.account_id.clone(),
        clock.clone(),
        Arc::clone(&options.log) as LogSink,
    );
    let now = clock.now();
    let (access_keys, roles) = (AccessKeys::default(), Roles::new(&stack));
    let assumed = stack.functions.iter();
    let assumed = assumed.map(|function| {
        (
            function.clone(),
            roles.assume_for(function, &access_keys, now),
        )
    });
    let stand_in = StandIn {
        pools: Pools::new(pools),
        identity_pools: Pools::new(identity_pools),
        open_id_key,
        functions: Functions::new(assumed.collect(), functions),
        access_keys,
        roles,
        decisions: Decisions::default(),
        tables,
        objects,
        parameters: ParameterStore::default(),
        kms: Kms::new(&stack, key_secret, clock.now()),
        outbox: Outbox::default(),
        faults: Faults::default(),
        calls: Calls::default(),
        clock,
        issuer: Issuer::new(options.issuer, endpoint, stack.region.clone()),
        strictness: Strictness::new(options.strict, Arc::clone(&options.log) as LogSink),
        log: options.log,
        stack,
    };
    let stand_in = Arc::new(stand_in);
    Ok(Running {
        s3: S3::new(Arc::clone(&stand_in))?,
        stand_in,
        listener,
        saved,
    })
}

impl Running {
    /// Where it is reached, such as `http://127.0.0.1:9229`.
    pub fn endpoint(&self) -> &str {
        self.stand_in.issuer.endpoint()
    }

    /// The wiring, the ids and the endpoints, for people.
    pub fn description(&self) -> String {
        stack_view::text(&self.stand_in)
    }

    /// Serves until `stop` is ready; then ends the functions and saves the state.
    ///
    /// # Errors
    ///
    /// When the state cannot be saved, or the socket fails.
    pub async fn serve(
        self,
        stop: impl Future<Output = ()>,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let Self {
            stand_in,
            s3,
            listener,
            saved,
        } = self;
        let serving = axum::serve(listener, server::routes(Arc::clone(&stand_in), s3));
        let saving = async {
            let mut ticks = tokio::time::interval(SAVE_EVERY);
            while let Some(saved) = &saved {
                ticks.tick().await;
                saved.save(&stand_in.pools.all(), &stand_in.identity_pools.all())?;
            }
            std::future::pending::<Result<(), StartError>>().await
        };
        // The functions end first: one that lost its Runtime API would log that as an error of its own.
        let stopped = async {
            stop.await;
            stand_in.functions.shutdown().await;
        };
        tokio::select! {
            served = serving.into_future() => served?,
            failed = saving => failed?,
            () = stopped => {}
        }
        if let Some(saved) = &saved {
            saved.save(&stand_in.pools.all(), &stand_in.identity_pools.all())?;
        }
        Ok(())
    }

    /// Sends one event to one function, by its binary's name, logical id or name, and returns what came back.
    ///
    /// # Errors
    ///
    /// The function's own error payload, or why it could not be called.
    pub async fn invoke(self, function: &str, event: Vec<u8>) -> Result<Vec<u8>, String> {
        match self
            .invoke_by(|routes| routes, function, event.into())
            .await?
        {
            Invocation::Answered(answer) => Ok(answer.to_vec()),
            Invocation::FunctionError(error) => Err(String::from_utf8_lossy(&error).into_owned()),
        }
    }

    /// [`Running::invoke`], with the routes changed while the function runs.
    pub(crate) async fn invoke_by(
        self,
        routes: impl FnOnce(Router) -> Router,
        function: &str,
        event: Bytes,
    ) -> Result<Invocation, String> {
        let Self {
            stand_in,
            s3,
            listener,
            ..
        } = self;
        let by_binary = stand_in
            .stack
            .functions
            .iter()
            .find(|known| known.binary == function);
        let name = by_binary.map_or(function, |known| known.logical_id.as_str());
        let serving = axum::serve(listener, routes(server::routes(Arc::clone(&stand_in), s3)));
        let invoked = async {
            let outcome = stand_in.functions.invoke(name, event).await;
            stand_in.functions.shutdown().await;
            outcome
        };
        let outcome = tokio::select! {
            served = serving.into_future() => return Err(format!("the server ended: {served:?}")),
            outcome = invoked => outcome,
        };
        outcome.map_err(|error| error.to_string())
    }

    /// The id of the pool, where there is one alone.
    pub(crate) fn only_pool(&self) -> Option<String> {
        match self.stand_in.pools.all().as_slice() {
            [pool] => Some(pool.config.id.clone()),
            _ => None,
        }
    }

    /// The tables' logical ids, by name.
    pub(crate) fn table_names(&self) -> BTreeMap<String, String> {
        let tables = self.stand_in.stack.tables.iter();
        tables
            .map(|table| (table.name.clone(), table.logical_id.clone()))
            .collect()
    }
}

fn open_tables(stack: &Stack, saved: Option<&Saved>) -> Result<Tables, StartError> {
    let opened = match saved {
        Some(saved) => Tables::in_file(&saved.tables()),
        None => Tables::in_memory(),
    };
    let tables = opened.map_err(|error| {
        let path = saved.map(Saved::tables).unwrap_or_default();
        Unusable::new(&path, &error)
    })?;
    for table in &stack.tables {
        let made = tables.answer("CreateTable", table.create_table.to_string().as_bytes());
        let text = String::from_utf8_lossy(&made.body).into_owned();
        // It is there already when an earlier run left its data.
        if made.status != 200 && !text.contains("ResourceInUseException") {
            return Err(StartError::Table {
                table: table.logical_id.clone(),
                cause: text,
            });
        }
        if let Some(attribute) = &table.ttl_attribute {
            let ttl = serde_json::json!({
                "TableName": table.name,
                "TimeToLiveSpecification": { "AttributeName": attribute, "Enabled": true },
            });
            tables.answer("UpdateTimeToLive", ttl.to_string().as_bytes());
        }
    }
    Ok(tables)
}

/// Where this program stands, and the functions' binaries beside it.
pub fn directory_of_this_program() -> PathBuf {
    std::env::current_exe()
        .ok()
        .as_deref()
        .and_then(Path::parent)
        .map(Path::to_path_buf)
        .unwrap_or_default()
}
