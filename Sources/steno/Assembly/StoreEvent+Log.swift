import Logging
import Store

extension StoreEvent {
    func log(to logger: Logger) {
        switch self {
        case .setAside(let file):
            logger.error(
                "the store is damaged: it was set aside and a new one goes on; what can be read of it is being saved",
                metadata: ["file": "\(file)"])
        case .saved(let file, let interactions, let lost):
            logger.notice(
                "what could be read of the damaged store is saved; its file is not needed any more",
                metadata: ["file": "\(file)", "interactions": "\(interactions)", "lost": "\(lost)"])
        case .savingFailed(let file, let error):
            logger.error(
                "the damaged store can't be saved yet; it is tried again",
                metadata: ["file": "\(file)", "error": "\(error.message)"])
        case .notReplaced(let error):
            logger.error(
                "the store is damaged and can't be replaced; interactions are held in memory",
                metadata: ["error": "\(error.message)"])
        }
    }
}
