#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| gatec_fuzz::token(data));
