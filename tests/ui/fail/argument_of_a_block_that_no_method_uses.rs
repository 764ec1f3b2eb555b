use auth_metrics::auth_metered;

pub struct Gate {
    tenant: String,
}

#[auth_metered(service = self.tenant, subject = self.tenant, kind = token)]
impl Gate {
    #[op("login", subject = name, kind = authentication)]
    fn login(&self, name: &str) -> Result<usize, std::convert::Infallible> {
        Ok(name.len())
    }

    #[op("verify", subject = token.len())]
    async fn verify(&self, token: &str) -> Result<usize, std::convert::Infallible> {
        Ok(token.len())
    }
}

#[auth_metered(subject = name)]
impl Gate {
    #[op("rename")]
    fn rename(&mut self, name: &str) -> Result<(), std::convert::Infallible> {
        name.clone_into(&mut self.tenant);
        Ok(())
    }

    #[op("forget")]
    fn forget(&mut self) -> Result<(), std::convert::Infallible> {
        self.tenant.clear();
        Ok(())
    }
}

fn main() {}
