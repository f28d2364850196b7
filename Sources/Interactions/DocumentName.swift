/// Members' names that Steno itself writes into documents, as their numbers in `CommonNames`: nothing is looked up for them.
package enum DocumentName: UInt16, CaseIterable, Sendable {
    // A v4 interaction's own.
    case applicationVariantID = 1
    case threadID, input, query, request, method, path, headers, body
    case output, response, status, toolCalls, reasoning, context
    case startTimestamp, endTimestamp, durationMilliseconds, operationStatus, operationMetadata
    case traceSpans, nodeID, operationType, operationInput, operationOutput
    // OpenTelemetry's.
    case providerName, operationName
    case requestModel, requestMaxTokens, requestTemperature, requestTopP, requestTopK, requestSeed, requestStream
    case requestStopSequences, requestPresencePenalty, requestChoiceCount, outputType
    case responseModel, responseID, finishReasons, conversationID, inputTokens, outputTokens
    case statusCode, errorType, sessionID
    // Steno's.
    case usage, usageCounts, threadSource, route, dialect, outcome, connection
    case millisecondsToFirstByte, millisecondsToFirstEvent, millisecondsToFirstText, millisecondsToFirstToken
    case outputTokensPerSecond, requestBytes, responseBytes, deliveredBytes, truncated, redactions, stream
    case interactionID, turnID
    // The v4 API's.
    case tokensUsed, promptTokens, responseTokens
    // Within what is above.
    case cacheRead, cacheCreation, state, dnsMilliseconds, connectMilliseconds, tlsMilliseconds

    package var text: String { CommonNames.all[Int(rawValue) - 1] }
}
