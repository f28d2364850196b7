import ArgumentParser

@main
struct Steno: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "steno", abstract: "Logs what agents and models say.")
}
