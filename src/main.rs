//! The command. All it does is call the library's `cli`.

fn main() -> std::process::ExitCode {
    samband::cli::main()
}
