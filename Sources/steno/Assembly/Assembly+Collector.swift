import Console
import Delivery
import Dialects
import FoundationEssentials
import Store

extension Assembly {
    func makeCollector(_ store: Store, _ recorder: Recorder) -> Collector {
        Collector(
            store: store, namespace: UUID.steno, isStoreWell: { recorder.isStoreWell }, record: recorder.record)
    }
}
