import FoundationEssentials

/// How the configuration looks at files; values in tests.
struct FileAccess: Sendable {
    enum Failure: Error, Hashable {
        case missing
        case folder
        case unreadable

        var text: String {
            switch self {
            case .missing: "does not exist"
            case .folder: "is a folder, not a file"
            case .unreadable: "cannot be read"
            }
        }
    }

    var read: @Sendable (String) throws(Failure) -> [UInt8]
    /// What keeps a file from being read, without reading it.
    var problem: @Sendable (String) -> Failure?

    static let disk = FileAccess(
        read: { path throws(Failure) in
            if let problem = diskProblem(path) { throw problem }
            guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable }
            return Array(data)
        },
        problem: { diskProblem($0) })

    private static func diskProblem(_ path: String) -> Failure? {
        guard let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType else {
            return .missing
        }
        if type == .typeDirectory { return .folder }
        if type == .typeSymbolicLink {
            let target = URL(filePath: path).resolvingSymlinksInPath().path
            return target == path ? .missing : diskProblem(target)
        }
        return FileManager.default.isReadableFile(atPath: path) ? nil : .unreadable
    }
}

/// `path` as seen from `folder`; an absolute path as it is.
func resolve(_ path: String, in folder: String?) -> String {
    guard !path.hasPrefix("/"), let folder, !folder.isEmpty else { return path }
    return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
}
