import FoundationEssentials
import GRDB

/// A column's value, `nil` where it is of another kind: what a damaged file may give back. The query library's own way of
/// reading ends the process then.
extension Row {
    func blob(_ index: Int) -> Data? {
        let value: DatabaseValue = self[index]
        if case .blob(let data) = value.storage { return data }
        return nil
    }

    func integer(_ index: Int) -> Int64? {
        let value: DatabaseValue = self[index]
        if case .int64(let number) = value.storage { return number }
        return nil
    }
}
