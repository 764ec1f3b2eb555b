//! Proofs of work. A challenge is signed and not stored; a client answers it with a number whose hash begins with enough zero bits.

use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use super::used::{Nonce, Used};
use crate::opaque::{self, RandomError};

const NONCE: usize = 16;
const TIME: usize = 8;
const SIGNATURE: usize = 32;
/// A challenge in bytes: its nonce, when it expires, and the signature of both.
const CHALLENGE: usize = NONCE + TIME + SIGNATURE;
/// A longer answer is not even read.
const LONGEST_PROOF: usize = 128;

/// Who is challenged. A proof is worth nothing to anybody else.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub(crate) name: &'a str,
    pub(crate) client: Option<IpAddr>,
}

/// A question for a client.
pub(crate) struct Challenge {
    pub(crate) text: String,
    /// How many zero bits the hash of the answer begins with.
    pub(crate) bits: u32,
}

/// Why an answer is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unproven {
    /// It was right, and too late.
    Expired,
    /// So many were accepted lately that no more can be remembered.
    Busy,
    /// We asked nobody that, or somebody else.
    Forged,
    /// Its hash has too few zero bits.
    TooEasy,
    /// It was accepted before.
    Replayed,
}

/// Asks for proofs of work, and checks them.
pub(crate) struct Puzzles {
    key: [u8; 32],
    bits: u32,
    life: Duration,
    began: Instant,
    used: Used,
}

impl Puzzles {
    /// With a key that no other process has. `capacity` accepted proofs are remembered for each `life`.
    pub(crate) fn new(bits: u32, life: Duration, capacity: usize) -> Result<Self, RandomError> {
        let (key, began) = (opaque::random_bytes()?, Instant::now());
        Ok(Self { key, bits, life, began, used: Used::new(life, capacity) })
    }

    /// A new question.
    pub(crate) fn ask(&self, asker: Asker<'_>) -> Result<Challenge, RandomError> {
        self.ask_at(asker, self.began.elapsed())
    }

    /// Accepts an answer, once.
    pub(crate) fn check(&self, asker: Asker<'_>, proof: &str) -> Result<(), Unproven> {
        self.check_at(asker, proof, self.began.elapsed())
    }

    fn ask_at(&self, asker: Asker<'_>, now: Duration) -> Result<Challenge, RandomError> {
        let nonce: Nonce = opaque::random_bytes()?;
        let expires = millis(now.saturating_add(self.life)).to_be_bytes();
        let mut challenge = Vec::with_capacity(CHALLENGE);
        challenge.extend(nonce);
        challenge.extend(expires);
        let signature = self.signature(asker, &challenge).finalize().into_bytes();
        challenge.extend(signature);
        Ok(Challenge { text: URL_SAFE_NO_PAD.encode(challenge), bits: self.bits })
    }

    fn check_at(&self, asker: Asker<'_>, proof: &str, now: Duration) -> Result<(), Unproven> {
        let (challenge, _) = proof.split_once(':').ok_or(Unproven::Forged)?;
        if proof.len() > LONGEST_PROOF {
            return Err(Unproven::Forged);
        }
        let decoded = URL_SAFE_NO_PAD.decode(challenge).map_err(|_| Unproven::Forged)?;
        let (signed, signature) = decoded.split_at_checked(NONCE + TIME).ok_or(Unproven::Forged)?;
        // This takes the same time wherever the signature is wrong.
        self.signature(asker, signed).verify_slice(signature).map_err(|_| Unproven::Forged)?;
        let (nonce, expires) = signed.split_first_chunk().ok_or(Unproven::Forged)?;
        let expires = expires.try_into().map(u64::from_be_bytes).map_err(|_| Unproven::Forged)?;
        if millis(now) >= expires {
            return Err(Unproven::Expired);
        }
        if zero_bits(proof) < self.bits {
            return Err(Unproven::TooEasy);
        }
        self.used.spend(*nonce, now)
    }

    /// The number of bits is no part of it: it is the same for all challenges of a process.
    fn signature(&self, asker: Asker<'_>, signed: &[u8]) -> Hmac<Sha256> {
        let mut key = [0; 64];
        key[..self.key.len()].copy_from_slice(&self.key);
        let mut mac = Hmac::<Sha256>::new(&key.into());
        mac.update(signed);
        match asker.client.map(|client| client.to_canonical()) {
            None => mac.update(&[0]),
            Some(IpAddr::V4(client)) => {
                mac.update(&[4]);
                mac.update(&client.octets());
            }
            Some(IpAddr::V6(client)) => {
                mac.update(&[6]);
                mac.update(&client.octets());
            }
        }
        // Last, because it alone has no fixed length.
        mac.update(asker.name.as_bytes());
        mac
    }
}

impl fmt::Debug for Challenge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Challenge").field("bits", &self.bits).finish_non_exhaustive()
    }
}

/// Answers a challenge, as a client does: `challenge:number`.
pub(crate) fn solve(challenge: &str, bits: u32) -> Option<String> {
    (0..u64::MAX).map(|number| format!("{challenge}:{number}")).find(|proof| zero_bits(proof) >= bits)
}

/// With how many zero bits the hash of a text begins.
fn zero_bits(proof: &str) -> u32 {
    let digest = Sha256::digest(proof);
    let zeros = digest.iter().take_while(|byte| **byte == 0).count();
    let rest = digest.get(zeros).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(zeros).unwrap_or(u32::MAX).saturating_mul(8).saturating_add(rest)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const BITS: u32 = 8;
    const LIFE: Duration = Duration::from_secs(60);
    const ALICE: Asker<'_> = Asker { name: "alice", client: Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))) };

    fn puzzles() -> Puzzles {
        Puzzles::new(BITS, LIFE, 100).expect("random bytes")
    }

    fn proof_of(puzzles: &Puzzles, now: Duration) -> String {
        let challenge = puzzles.ask_at(ALICE, now).expect("random bytes");
        solve(&challenge.text, challenge.bits).expect("a solution")
    }

    #[test]
    fn a_proof_is_accepted_once() {
        let puzzles = puzzles();
        let proof = proof_of(&puzzles, Duration::ZERO);
        assert_eq!(puzzles.check_at(ALICE, &proof, Duration::from_secs(1)), Ok(()));
        assert_eq!(puzzles.check_at(ALICE, &proof, Duration::from_secs(2)), Err(Unproven::Replayed));
    }

    #[test]
    fn another_answer_to_an_answered_challenge_is_a_replay() {
        let puzzles = puzzles();
        let challenge = puzzles.ask_at(ALICE, Duration::ZERO).expect("random bytes").text;
        let answers = (0_u64..).map(|number| format!("{challenge}:{number}"));
        let mut answers = answers.filter(|proof| zero_bits(proof) >= BITS);
        let [first, second] = [answers.next(), answers.next()].map(|answer| answer.expect("a solution"));
        assert_eq!(puzzles.check_at(ALICE, &first, Duration::ZERO), Ok(()));
        assert_eq!(puzzles.check_at(ALICE, &second, Duration::ZERO), Err(Unproven::Replayed));
    }

    #[test]
    fn a_replay_is_refused_to_the_end_of_the_challenge() {
        let puzzles = puzzles();
        let almost = LIFE.saturating_sub(Duration::from_millis(1));
        // Other proofs make the memory turn over in between.
        let old = proof_of(&puzzles, Duration::ZERO);
        assert_eq!(puzzles.check_at(ALICE, &old, almost), Ok(()));
        let proof = proof_of(&puzzles, almost);
        assert_eq!(puzzles.check_at(ALICE, &proof, almost), Ok(()));
        let other = proof_of(&puzzles, LIFE);
        assert_eq!(puzzles.check_at(ALICE, &other, LIFE), Ok(()));
        assert_eq!(puzzles.check_at(ALICE, &proof, almost + almost), Err(Unproven::Replayed));
    }

    #[test]
    fn a_late_proof_has_expired() {
        let puzzles = puzzles();
        let proof = proof_of(&puzzles, Duration::ZERO);
        assert_eq!(puzzles.check_at(ALICE, &proof, LIFE), Err(Unproven::Expired));
    }

    #[test]
    fn a_proof_is_worth_nothing_to_another_name_or_another_client() {
        let puzzles = puzzles();
        let proof = proof_of(&puzzles, Duration::ZERO);
        let others = [
            Asker { name: "bob", ..ALICE },
            Asker { client: Some(Ipv4Addr::new(192, 0, 2, 2).into()), ..ALICE },
            Asker { client: None, ..ALICE },
        ];
        for other in others {
            assert_eq!(puzzles.check_at(other, &proof, Duration::ZERO), Err(Unproven::Forged));
        }
        assert_eq!(puzzles.check_at(ALICE, &proof, Duration::ZERO), Ok(()));
    }

    #[test]
    fn an_answer_with_too_few_zero_bits_is_too_easy() {
        let puzzles = puzzles();
        let challenge = puzzles.ask_at(ALICE, Duration::ZERO).expect("random bytes").text;
        let answers = (0_u64..).map(|number| format!("{challenge}:{number}"));
        let almost = answers.into_iter().find(|proof| zero_bits(proof) == BITS - 1).expect("an answer");
        assert_eq!(puzzles.check_at(ALICE, &almost, Duration::ZERO), Err(Unproven::TooEasy));
    }

    #[test]
    fn a_challenge_that_nobody_signed_is_forged() {
        let (ours, theirs) = (puzzles(), puzzles());
        let proof = proof_of(&theirs, Duration::ZERO);
        let long = format!("{}{}", proof_of(&ours, Duration::ZERO), "0".repeat(LONGEST_PROOF));
        for forged in [proof.as_str(), "", ":", "AAAA:1", "no challenge", "é:1", long.as_str()] {
            assert_eq!(ours.check_at(ALICE, forged, Duration::ZERO), Err(Unproven::Forged), "{forged}");
        }
    }

    #[test]
    fn each_changed_byte_of_a_challenge_is_noticed() {
        let puzzles = puzzles();
        let challenge = puzzles.ask_at(ALICE, Duration::ZERO).expect("random bytes").text;
        for at in 0..CHALLENGE {
            let mut bytes = URL_SAFE_NO_PAD.decode(&challenge).expect("base64");
            bytes[at] ^= 1;
            let changed = URL_SAFE_NO_PAD.encode(bytes);
            let proof = solve(&changed, BITS).expect("a solution");
            assert_eq!(puzzles.check_at(ALICE, &proof, Duration::ZERO), Err(Unproven::Forged), "{at}");
        }
    }
}
