using Serverless.Sizing;

namespace Serverless.Local.Stack;

/// <summary>How a command ends that could not do what was asked.</summary>
/// <param name="Message">What is said of it; null where whoever ended it knows.</param>
/// <param name="Code">1, 2 for what cannot be, or 130 after Ctrl+C.</param>
internal sealed record CommandFault(string? Message, int Code)
{
    /// <summary>Null of a fault of the program itself, whose whole trace is wanted.</summary>
    public static CommandFault? Of(Exception fault) =>
        fault switch
        {
            StackException e => new(e.Message, e.Code),
            SizingInputException e => new(e.Message, 2),
            // HttpClient tells a time that ran out as if somebody had cancelled.
            OperationCanceledException { InnerException: TimeoutException e } => new($"The app does not answer: {e.Message}", 1),
            OperationCanceledException => new(null, 130),
            HttpRequestException e => new($"The app cannot be asked ({Say(e)}). Start it first (make run), or look at its address.", 1),
            // Their messages name the file.
            IOException or UnauthorizedAccessException => new(fault.Message, 1),
            _ => null,
        };

    /// <summary>Where a connection is refused the outer message names the port; of TLS it sends on to the inner one.</summary>
    private static string Say(HttpRequestException e) =>
        e.InnerException is { } inner && !e.Message.Contains(inner.Message, StringComparison.Ordinal)
            ? $"{e.Message} {inner.Message}"
            : e.Message;
}
