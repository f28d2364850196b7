extension Exchange {
    /// Bytes of a body that came together.
    package struct Arrival: Sendable, Equatable {
        /// The offset behind the last byte that had come by then.
        package let end: Int
        package let at: Mark

        package init(end: Int, at: Mark) {
            self.end = end
            self.at = at
        }
    }

    /// In order of time and offset. Mostly there is one, which takes no memory of its own.
    package struct Arrivals: Sendable, Equatable, RandomAccessCollection, ExpressibleByArrayLiteral {
        private var only: Arrival?
        /// All, from the second on.
        private var list: [Arrival] = []

        package init(_ arrivals: some Sequence<Arrival> = []) {
            for arrival in arrivals { append(arrival) }
        }

        package init(arrayLiteral elements: Arrival...) {
            self.init(elements)
        }

        package var startIndex: Int { 0 }
        package var endIndex: Int { only == nil ? list.count : 1 }

        package subscript(index: Int) -> Arrival {
            if let only {
                precondition(index == 0)
                return only
            }
            return list[index]
        }

        package mutating func append(_ arrival: Arrival) {
            if let only {
                list = [only, arrival]
                self.only = nil
            } else if list.isEmpty {
                only = arrival
            } else {
                list.append(arrival)
            }
        }
    }
}
