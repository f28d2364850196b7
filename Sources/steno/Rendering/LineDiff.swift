/// What became of a text's lines.
enum LineDiff {
    enum Line: Hashable {
        case same(String)
        case removed(String)
        case added(String)
    }

    static func lines(_ old: String, _ new: String) -> [Line] {
        let old = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let new = new.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // Beyond it the comparison takes longer than anybody waits.
        guard old.count + new.count <= 4000 else { return old.map(Line.removed) + new.map(Line.added) }
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var out: [Line] = []
        var (oldIndex, newIndex) = (0, 0)
        while oldIndex < old.count || newIndex < new.count {
            if oldIndex < old.count, removed.contains(oldIndex) {
                out.append(.removed(old[oldIndex]))
                oldIndex += 1
            } else if newIndex < new.count, added.contains(newIndex) {
                out.append(.added(new[newIndex]))
                newIndex += 1
            } else {
                out.append(.same(new[newIndex]))
                (oldIndex, newIndex) = (oldIndex + 1, newIndex + 1)
            }
        }
        return out
    }
}
