package import Logging

extension Logger {
    /// What is logged to it goes nowhere.
    package static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
