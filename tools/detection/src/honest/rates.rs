//! How often honest people err. The constants are those that Microsoft published with the simulator of `StopGuessing`
//! (github.com/microsoft/StopGuessing at 141cecc, Simulator/ExperimentalConfiguration.cs), where a comment names one.

use auth_metrics_random::Random;

#[derive(Clone, Debug, PartialEq)]
pub struct Rates {
    /// `ChanceOfBenignPasswordTypo`.
    pub typo: f64,
    /// `ChanceOfRepeatTypo`.
    pub typo_again: f64,
    /// `ChanceOfAccidentallyUsingAnotherAccountPassword`.
    pub other_password: f64,
    /// `ChanceOfRepeatUseOfPasswordFromAnotherAccount`.
    pub other_password_again: f64,
    /// `ChanceOfBenignAccountNameTypoResultingInAValidUserName`.
    pub other_account: f64,
    /// A mistyped name that belongs to nobody. The source has none, since it simulates no such attempts.
    pub unknown_account: f64,
    /// `ChanceOfRepeatWrongAccountName`.
    pub wrong_account_again: f64,
    /// `DelayBetweenRepeatBenignErrorsInSeconds`.
    pub between_errors: f64,
    /// `ChanceOfLongRepeatOfStalePassword`.
    pub stale: f64,
    /// `MinutesBetweenLongRepeatOfOldPassword`.
    pub stale_gap: f64,
    /// `LengthOfLongRepeatOfOldPassword`: 24 h of such gaps.
    pub stale_length: f64,
    /// `FractionOfBenignIPsBehindProxies`.
    pub proxied: f64,
    /// `ProxySizeInUniqueClientIPs`.
    pub proxy_size: f64,
    /// One less `ChanceOfIpReUse`.
    pub elsewhere: f64,
    /// `MaxIpPerUserAccount`.
    pub places: f64,
    /// Attempts to log in of an average person a day.
    pub logins: f64,
    /// A wrong one-time password.
    pub otp_typo: f64,
}

impl Rates {
    pub fn published() -> Rates {
        Rates {
            typo: 0.02,
            typo_again: 2.0 / 3.0,
            other_password: 0.02,
            other_password_again: 1.0 / 3.0,
            other_account: 0.02,
            unknown_account: 0.01,
            wrong_account_again: 0.2,
            between_errors: 7.0,
            stale: 0.0004,
            stale_gap: 5.0,
            stale_length: 288.0,
            proxied: 0.2,
            proxy_size: 1_000.0,
            elsewhere: 0.15,
            places: 5.0,
            logins: 0.86,
            otp_typo: 0.04,
        }
    }

    /// Twice as many errors, and half of the people behind proxies.
    pub fn harsh() -> Rates {
        let mut rates = Rates::published();
        for rate in [
            &mut rates.typo,
            &mut rates.other_password,
            &mut rates.other_account,
            &mut rates.unknown_account,
            &mut rates.stale,
            &mut rates.otp_typo,
        ] {
            *rate *= 2.0;
        }
        rates.proxied = 0.5;
        rates
    }

    /// Each constant off by up to a half.
    #[must_use]
    pub fn drifted(mut self, random: &mut Random) -> Rates {
        for rate in [
            &mut self.typo,
            &mut self.other_password,
            &mut self.other_password_again,
            &mut self.other_account,
            &mut self.unknown_account,
            &mut self.wrong_account_again,
            &mut self.between_errors,
            &mut self.stale,
            &mut self.stale_gap,
            &mut self.stale_length,
            &mut self.proxied,
            &mut self.proxy_size,
            &mut self.elsewhere,
            &mut self.places,
            &mut self.otp_typo,
        ] {
            *rate *= random.between(0.5, 1.5);
        }
        // Half more than two thirds would be for ever.
        self.typo_again = random.between(0.33, 0.85);
        self
    }
}
