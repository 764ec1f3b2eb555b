//! Function shapes of real auth servers: all of it is in the test `shapes`.
