use auth_metrics::Source;

#[derive(Source)]
enum Channel {
    #[source("Mobile App")]
    Mobile,
    #[source(kiosk)]
    Kiosk,
    Web,
    #[source("web")]
    Browser,
    #[source]
    Phone,
    #[source("a")]
    #[source("b")]
    Twice,
}

#[derive(Source)]
struct Anywhere;

#[derive(Source)]
#[source("kiosk")]
enum OnTheType {
    A,
}

#[derive(Source)]
#[rustfmt::skip]
enum TooMany {
    A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y,
}

fn main() {}
