extension Interaction {
    /// One step of an interaction (an item of v4's `trace_spans`). The list is flat.
    package struct Span: Sendable, Hashable {
        package enum Operation: String, Sendable {
            case completion = "COMPLETION"
            case reranking = "RERANKING"
            case retrieval = "RETRIEVAL"
            case custom = "CUSTOM"
        }

        package var nodeID: String
        package var operation: Operation
        package var start: Timestamp
        package var durationMilliseconds: Int
        package var status: Status
        package var input: JSON.Object
        package var output: JSON.Object
        package var metadata: JSON.Object

        package init(
            nodeID: String, operation: Operation, start: Timestamp, durationMilliseconds: Int,
            status: Status = .success, input: JSON.Object = .init(), output: JSON.Object = .init(),
            metadata: JSON.Object = .init()
        ) {
            self.nodeID = nodeID
            self.operation = operation
            self.start = start
            self.durationMilliseconds = durationMilliseconds
            self.status = status
            self.input = input
            self.output = output
            self.metadata = metadata
        }
    }
}
