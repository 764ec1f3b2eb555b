//! Who may do what, once a token says who they are.

use auth_metrics::auth_metered;

use crate::domain::UserHandler;
use crate::tokens::ValidationResults;

#[derive(Clone)]
pub struct AccessControlledBackendHandler<Handler> {
    handler: Handler,
}

impl<Handler> AccessControlledBackendHandler<Handler> {
    pub fn new(handler: Handler) -> AccessControlledBackendHandler<Handler> {
        AccessControlledBackendHandler { handler }
    }

    pub fn unsafe_get_handler(&self) -> &Handler {
        &self.handler
    }
}

impl<Handler: UserHandler> AccessControlledBackendHandler<Handler> {
    #[auth_metered(op = "admin_access", kind = authorization, none_is = permission_denied, subject = by.user)]
    pub fn get_admin_handler(&self, by: &ValidationResults) -> Option<&(impl UserHandler + use<Handler>)> {
        by.is_admin().then_some(&self.handler)
    }

    #[auth_metered(op = "user_access", kind = authorization, none_is = permission_denied, subject = by.user, resource = name)]
    pub fn get_user_restricted_handler(
        &self,
        by: &ValidationResults,
        name: &str,
    ) -> Option<&(impl UserHandler + use<Handler>)> {
        by.can_read(name).then_some(&self.handler)
    }
}
