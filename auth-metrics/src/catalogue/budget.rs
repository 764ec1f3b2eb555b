//! `Budget`: how many series the operations of a binary may cost, and the error if they cost more.

use std::fmt;

use super::{Catalogue, Operation};

/// The number of series that are allowed for a number of services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "users write it as a literal, and a limit that is new fails their build until it is set"
)]
pub struct Budget {
    /// The most series that a scrape may have.
    pub series: usize,
    /// The number of services, including the handle's own.
    pub services: usize,
}

/// Everything that is wrong with a catalogue.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CatalogueError {
    /// The operations whose functions have different kinds.
    pub conflicts: Vec<Operation>,
    /// The operations whose reasons are unknown.
    pub unknown_reasons: Vec<Operation>,
    /// The operations that reveal whether an account exists; see [`Catalogue::account_oracles`].
    pub oracles: Vec<Operation>,
    /// The cost, if it exceeds the budget.
    pub over_budget: Option<OverBudget>,
}

/// A catalogue that costs more series than its budget allows.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OverBudget {
    /// The budget.
    pub budget: Budget,
    /// The number of series that the catalogue costs.
    pub series: usize,
    /// The part of `series` that belongs to no single operation.
    pub shared: usize,
    /// The operations, the most expensive first.
    pub operations: Vec<Operation>,
}

impl Catalogue {
    /// Checks that the operations stay within a budget, agree on their kinds, have known reasons, and don't reveal which
    /// accounts exist.
    ///
    /// [`testing::assert_catalogue`](crate::testing::assert_catalogue) does the same as an assertion.
    ///
    /// ```
    /// use auth_metrics::catalogue::Budget;
    ///
    /// # fn main() -> Result<(), auth_metrics::Error> {
    /// let metrics = auth_metrics::AuthMetrics::builder().service_id("gateway").build()?;
    /// let Err(error) = metrics.catalogue().check(&Budget { series: 10, services: 3 }) else {
    ///     panic!("the families that are always there have more than ten series");
    /// };
    /// assert!(error.to_string().contains("10 are allowed"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Lists every problem of the catalogue.
    #[expect(clippy::result_large_err, reason = "it is made once, in a test")]
    pub fn check(&self, budget: &Budget) -> Result<(), CatalogueError> {
        let conflicts: Vec<Operation> = self.conflicts().cloned().collect();
        let unknown_reasons: Vec<Operation> = self.unknown_reasons().cloned().collect();
        let oracles: Vec<Operation> = self.account_oracles().cloned().collect();
        let series = self.series(budget.services);
        let over_budget = (series > budget.series).then(|| {
            let mut operations: Vec<Operation> = self.iter().cloned().collect();
            operations.sort_by_key(|operation| std::cmp::Reverse(operation.series(budget.services)));
            OverBudget { budget: *budget, series, shared: self.shared_series(budget.services), operations }
        });
        let is_right = conflicts.is_empty() && unknown_reasons.is_empty() && oracles.is_empty();
        if is_right && over_budget.is_none() {
            return Ok(());
        }
        Err(CatalogueError { conflicts, unknown_reasons, oracles, over_budget })
    }
}

impl fmt::Display for CatalogueError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut next = "";
        for operation in &self.conflicts {
            write!(out, "{next}the functions of {} have different kinds: ", operation.name())?;
            operation.write_kinds(out)?;
            next = "\n";
        }
        for operation in &self.unknown_reasons {
            write!(
                out,
                "{next}the reasons of {} are unknown, so it is exported with every reason: ",
                operation.name()
            )?;
            operation.write_unknown(out)?;
            let op = operation.name();
            write!(
                out,
                ". Put `#[auth_metered]` on the `impl`, write `among(…)` after your function, or call `metrics.declare::<E>({op:?})` with a type `E` whose `FailureReason` lists its reasons"
            )?;
            next = "\n";
        }
        for operation in &self.oracles {
            out.write_str(next)?;
            operation.write_oracle(out)?;
            next = "\n";
        }
        match &self.over_budget {
            Some(over) => write!(out, "{next}{over}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for CatalogueError {}

/// The number of operations that the message names.
const SHOWN: usize = 10;

impl fmt::Display for OverBudget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OverBudget { budget, series, shared, operations } = self;
        let services = budget.services;
        write!(
            out,
            "the metrics cost {series} series for {services} services, but only {} are allowed",
            budget.series
        )?;
        let (largest, smaller) = operations.split_at(operations.len().min(SHOWN));
        for operation in largest {
            write!(out, "\n{:>8}  {}", operation.series(services), operation.name())?;
            match operation.functions() {
                [] => out.write_str(", by hand")?,
                [function] => write!(out, ", {function}")?,
                [function, others @ ..] => write!(out, ", {function} and {} more", others.len())?,
            }
        }
        if !smaller.is_empty() {
            let series: usize = smaller.iter().map(|operation| operation.series(services)).sum();
            write!(out, "\n{series:>8}  {} smaller operations", smaller.len())?;
        }
        write!(out, "\n{shared:>8}  shared by all")
    }
}
